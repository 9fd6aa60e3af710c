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

  /// 16 MiB: beyond a core's own cache, but rows mostly come in the order of such keys, and a Bloom
  /// filter would have to hash each first.
  private static let greatestBitCount: UInt64 = 1 << 27

  /// Bytes that a bitmap of keys from `lower` to `upper` takes; nil if that is too much.
  static func byteCount(from lower: Int64, to upper: Int64) -> Int? {
    let (span, overflow) = upper.subtractingReportingOverflow(lower)
    guard !overflow, span >= 0, UInt64(span) < greatestBitCount else { return nil }
    return (Int(span) / 64 + 1) * 8
  }

  /// Whether so many keys fill their range so far that few rows could be told apart.
  static func isFull(_ keyCount: Int, from lower: Int64, to upper: Int64) -> Bool {
    let (span, overflow) = upper.subtractingReportingOverflow(lower)
    return !overflow && keyCount / 2 * 3 > span
  }

  /// Makes the bitmap of integer keys, of which none lies outside of the range given.
  init(_ keys: BuildKeyColumn, from lower: Int64, to upper: Int64) {
    self.lower = lower
    let bitCount = UInt64(bitPattern: upper &- lower) + 1
    self.bitCount = bitCount
    var words = [UInt64](repeating: 0, count: Int(bitCount / 64) + 1)
    keys.visit { vector, isFindable, _ in
      words.withUnsafeMutableBufferPointer { words in
        func fill<Element: FixedWidthInteger & SignedInteger>(_ element: Element.Type) {
          let values = vector.values(as: Element.self)
          for row in 0..<vector.count where isFindable[row] != 0 {
            let bit = min(UInt64(bitPattern: Int64(values[row]) &- lower), bitCount)
            words[Int(bit / 64)] |= 1 << (bit % 64)
          }
        }
        switch vector.type.physicalType {
        case .int8: fill(Int8.self)
        case .int16: fill(Int16.self)
        case .int32: fill(Int32.self)
        case .int64: fill(Int64.self)
        case .boolean, .int128, .float32, .float64, .string: break
        }
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
