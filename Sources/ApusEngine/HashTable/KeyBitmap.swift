import ApusValues
import ApusVectors

/// Which integers of a range are among the keys of a join's build side, a bit for each.
///
/// Safety: a value is turned into a bit's position by its distance from the least, and everything
/// outside of the range into the position of one more bit, which is 0.
struct KeyBitmap: Sendable {
  private let lower: Int64
  /// Of the range; the bit at this position stands for all values outside.
  private let bitCount: UInt64
  private let words: [UInt64]

  /// 4 MiB, which stay in a processor's cache; a sparser set of keys says as much by its range.
  private static let greatestBitCount: UInt64 = 1 << 25

  /// Makes the bitmap of integer keys.
  ///
  /// - Parameters:
  ///   - range: the least and the greatest key.
  ///   - key: the position of the key among the join's criteria.
  /// - Returns: nil if it would be large, or so full that few rows could be told apart.
  init?(_ sources: [JoinKeys], key: Int, range: IntegerRange) {
    let (span, overflow) = range.upper.subtractingReportingOverflow(range.lower)
    let count = sources.reduce(0) { $0 + $1.keys.count }
    guard !overflow, span >= 0, UInt64(span) < KeyBitmap.greatestBitCount, count / 2 * 3 <= span
    else { return nil }
    lower = range.lower
    bitCount = UInt64(span) + 1
    var words = [UInt64](repeating: 0, count: Int(bitCount / 64) + 1)
    for source in sources {
      var start = 0
      while start < source.keys.count {
        let end = min(start + 8192, source.keys.count)
        let column = source.keys.column(key, start..<end)
        for row in start..<end where source.isFindable[row] != 0 {
          guard case .integer(let value) = column.value(row - start) else { continue }
          let bit = UInt64(bitPattern: value &- range.lower)
          words[Int(bit / 64)] |= 1 << (bit % 64)
        }
        start = end
      }
    }
    self.words = words
  }

  /// Returns those of the selected rows whose value is among the keys.
  ///
  /// - Parameter vector: of integers, of as many rows as the selection is of.
  func intersection(_ selection: Selection, _ vector: ColumnVector) -> Selection {
    let flat = vector.flattened()
    return withExtendedLifetime(flat) {
      switch flat.type.physicalType {
      case .int8: intersection(selection, flat, Int8.self)
      case .int16: intersection(selection, flat, Int16.self)
      case .int32: intersection(selection, flat, Int32.self)
      case .int64: intersection(selection, flat, Int64.self)
      case .boolean, .int128, .float32, .float64, .string: selection
      }
    }
  }

  private func intersection<Element: FixedWidthInteger & SignedInteger>(
    _ selection: Selection,
    _ flat: ColumnVector,
    _ element: Element.Type
  ) -> Selection {
    let values = flat.values(as: Element.self)
    let validity = flat.validity
    let kept = [Int32](unsafeUninitializedCapacity: selection.count) { output, keptCount in
      var position = 0
      words.withUnsafeBufferPointer { words in
        selection.visitRows { row in
          let distance = UInt64(bitPattern: Int64(values[row]) &- lower)
          let bit = min(distance, bitCount)
          let isAmong = Int(truncatingIfNeeded: words[Int(bit >> 6)] >> (bit & 63) & 1)
          output[position] = Int32(truncatingIfNeeded: row)
          position += isAmong & Int(validity?[row] ?? 1)
        }
      }
      keptCount = position
    }
    if kept.count == selection.count { return selection }
    return Selection(rowCount: selection.rowCount, indices: kept)
  }
}
