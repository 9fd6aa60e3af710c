import ApusValues

// Shapes of the Spatial Framework for Hadoop: four bytes of the reference system, one of the kind, then
// a record of an Esri shapefile with its lowest bytes first. A shapefile's rings turn with the clock
// around an area and against it around a hole.

extension Geometry {
  /// - Throws: INVALID_FUNCTION_ARGUMENT for bytes that are no shape.
  init(hadoopShape bytes: UnsafeRawBufferPointer) throws(SQLError) {
    guard bytes.count > 5 else { throw invalidArgument("Hadoop shape input is too short") }
    let record = UnsafeRawBufferPointer(rebasing: bytes[5...])
    let kinds: [Kind?] = [
      nil, .point, .lineString, .polygon, .multiPoint, .multiLineString, .multiPolygon,
    ]
    let number = Int8(bitPattern: bytes[4])
    guard kinds.indices.contains(Int(number)) else {
      throw invalidArgument("Invalid Hadoop shape type: \(number)")
    }
    guard let shape = Geometry.shape(record),
      let geometry = kinds[Int(number)].map({ shape.asKind($0) }) ?? shape
    else { throw invalidArgument("Invalid Hadoop shape") }
    self = geometry.normalized
  }

  /// The shape as the kind that it is said to be; nil if it cannot be.
  private func asKind(_ kind: Kind) -> Geometry? {
    switch (kind, self) {
    case (.point, .point), (.multiPoint, .multiPoint): self
    case (.point, .multiPoint(let points)) where points.count <= 1: .point(points.first)
    case (.multiPoint, .point(let point)): .multiPoint(point.map { [$0] } ?? [])
    case (.multiLineString, .multiLineString), (.multiPolygon, .multiPolygon): self
    case (.lineString, .multiLineString(let lines)) where lines.count <= 1:
      .lineString(lines.first ?? [])
    case (.polygon, .multiPolygon(let polygons)) where polygons.count <= 1:
      .polygon(polygons.first ?? [])
    default: nil
    }
  }

  /// A record; nil for bytes that are none.
  private static func shape(_ bytes: UnsafeRawBufferPointer) -> Geometry? {
    guard let type = integer(bytes, at: 0) else { return nil }
    switch type {
    case 1, 11, 21:
      guard bytes.count >= 20, let x = double(bytes, at: 4), let y = double(bytes, at: 12) else {
        return nil
      }
      // What stands for no number is below any coordinate.
      return .point(x < -1e38 || y < -1e38 || x.isNaN || y.isNaN ? nil : Coordinate(x, y))
    case 8, 18, 28:
      guard let count = integer(bytes, at: 36) else { return nil }
      return coordinates(bytes, at: 40, count: count).map { .multiPoint($0) }
    case 3, 13, 23:
      return paths(bytes).map { .multiLineString($0) }
    case 5, 15, 25:
      guard let rings = paths(bytes) else { return nil }
      var polygons: [[[Coordinate]]] = []
      for ring in rings {
        if polygons.isEmpty || signedArea(ring) < 0 {
          polygons.append([ring])
        } else {
          polygons[polygons.count - 1].append(ring)
        }
      }
      return .multiPolygon(polygons)
    default:
      return nil
    }
  }

  private static func paths(_ bytes: UnsafeRawBufferPointer) -> [[Coordinate]]? {
    guard let partCount = integer(bytes, at: 36), partCount >= 0 else { return nil }
    if partCount == 0 { return [] }
    guard let pointCount = integer(bytes, at: 40), pointCount >= 0,
      partCount <= (bytes.count - 44) / 4,
      let coordinates = coordinates(bytes, at: 44 + 4 * partCount, count: pointCount)
    else { return nil }
    var starts: [Int] = []
    for part in 0..<partCount {
      guard let start = integer(bytes, at: 44 + 4 * part), start >= starts.last ?? 0,
        start <= pointCount
      else { return nil }
      starts.append(start)
    }
    return zip(starts, starts.dropFirst() + [pointCount]).map { Array(coordinates[$0..<$1]) }
  }

  private static func coordinates(_ bytes: UnsafeRawBufferPointer, at offset: Int, count: Int)
    -> [Coordinate]?
  {
    guard count >= 0, count <= max(0, bytes.count - offset) / 16 else { return nil }
    return (0..<count).map { index in
      Coordinate(
        double(bytes, at: offset + 16 * index) ?? .nan,
        double(bytes, at: offset + 16 * index + 8) ?? .nan
      )
    }
  }

  private static func integer(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int? {
    guard offset + 4 <= bytes.count else { return nil }
    return Int(Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self)))
  }

  private static func double(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Double? {
    guard offset + 8 <= bytes.count else { return nil }
    let bits = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    return Double(bitPattern: UInt64(littleEndian: bits))
  }
}
