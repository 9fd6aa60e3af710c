import ApusValues

// Google's encoded polylines: differences of latitudes and longitudes in hundred-thousandths of a degree,
// five bits a letter.

extension Geometry {
  /// Reads the line of an encoded polyline.
  ///
  /// - Throws: INVALID_FUNCTION_ARGUMENT for one that ends within a number.
  init(encodedPolyline text: UnsafeRawBufferPointer) throws(SQLError) {
    var line: [Coordinate] = []
    var position = 0
    var latitude: Int32 = 0
    var longitude: Int32 = 0

    func difference() throws(SQLError) -> Int32 {
      var result: Int32 = 1
      var shift: Int32 = 0
      while true {
        guard position < text.count else {
          throw invalidArgument("Input is not a valid encoded polyline")
        }
        let bits = Int32(text[position]) - 64
        position += 1
        // Java shifts by the lowest five bits of the count.
        result &+= bits &<< shift
        shift &+= 5
        if bits < 0x1f { break }
      }
      return result & 1 != 0 ? ~(result >> 1) : result >> 1
    }

    while position < text.count {
      latitude &+= try difference()
      longitude &+= try difference()
      line.append(Coordinate(Double(longitude) * 1e-5, Double(latitude) * 1e-5))
    }
    self = .lineString(line)
  }

  /// The encoded polyline of coordinates.
  static func encodedPolyline(_ coordinates: [Coordinate]) -> [UInt8] {
    var output: [UInt8] = []
    var latitude: Int64 = 0
    var longitude: Int64 = 0
    for coordinate in coordinates {
      let next = (hundredThousandths(coordinate.y), hundredThousandths(coordinate.x))
      encode(next.0 &- latitude, to: &output)
      encode(next.1 &- longitude, to: &output)
      (latitude, longitude) = next
    }
    return output
  }

  /// Rounds halves up, as Java does.
  private static func hundredThousandths(_ degrees: Double) -> Int64 {
    let rounded = (degrees * 1e5 + 0.5).rounded(.down)
    if rounded.isNaN { return 0 }
    return Int64(exactly: rounded) ?? (rounded < 0 ? .min : .max)
  }

  private static func encode(_ difference: Int64, to output: inout [UInt8]) {
    var value = difference < 0 ? ~(difference &<< 1) : difference &<< 1
    while value >= 0x20 {
      output.append(UInt8(truncatingIfNeeded: (0x20 | (value & 0x1f)) + 63))
      value >>= 5
    }
    output.append(UInt8(truncatingIfNeeded: value &+ 63))
  }
}
