import ApusValues
import ApusVectors

// Sort keys as words: one unsigned comparison instead of many typed ones.
//
// The keys of a row are written as bits, most significant first, into 64-bit words:
//
//   ORDER BY flag DESC, amount        flag: tinyint with NULLs, amount: bigint without
//   ┌─┬──────────┬───────────────────…─┐┌────────────┬ 0 … 0 ┐
//   │N│ ~flag, 8 │ amount, first 55 bits││ last 9 bits│       │
//   └─┴──────────┴───────────────────…─┘└────────────┴───────┘
//    word 0                               word 1
//
// N puts NULLs first or last. Signed integers have their sign bit flipped, floating-point numbers
// are mapped to integers of the same order (-0.0 is 0.0, NaN is largest), a descending key is
// inverted. A string has no last bit, so its first 8 bytes end the words: rows equal so far are
// compared value by value from that key on, and so are nested values, whose bytes have no order.

/// Where the keys lie in the words of a row.
struct SortKeyLayout: Sendable {
  struct Field: Sendable {
    var order: SortOrder
    var hasNullBit: Bool
    /// Bits of the value.
    var width: Int
    /// Bits from the start of word 0.
    var offset: Int
  }

  /// The keys in words; the last may be the start of a string.
  let fields: [Field]
  let wordCount: Int
  /// The first key that must be compared by value where words are equal; nil if words say all.
  let firstTie: Int?

  /// - Parameter mayHaveNulls: whether each key may be NULL.
  init(_ orders: [SortOrder], mayHaveNulls: [Bool]) {
    var fields: [Field] = []
    var offset = 0
    var firstTie: Int?
    for (index, order) in orders.enumerated() {
      let hasNullBit = mayHaveNulls[index]
      let physical = order.type.physicalType
      let width = physical == .string ? 64 : physical.stride * 8
      let start = offset + (hasNullBit ? 1 : 0)
      fields.append(Field(order: order, hasNullBit: hasNullBit, width: width, offset: start))
      offset = start + width
      if physical == .string {
        firstTie = index
        break
      }
    }
    self.fields = fields
    self.firstTie = firstTie
    wordCount = max((offset + 63) / 64, 1)
  }
}

/// The words of many rows, word by word.
///
/// Safety: `words[w]` has `rowCount` elements; ranges of rows are written by one task each.
final class SortKeyWords: @unchecked Sendable {
  let layout: SortKeyLayout
  let rowCount: Int
  let words: [UnsafeMutablePointer<UInt64>]

  init(_ layout: SortKeyLayout, rowCount: Int) {
    self.layout = layout
    self.rowCount = rowCount
    words = (0..<layout.wordCount).map { _ in .allocate(capacity: max(rowCount, 1)) }
  }

  deinit { for word in words { word.deallocate() } }

  var byteCount: Int { rowCount * layout.wordCount * 8 }

  /// Writes the words of a range of rows.
  ///
  /// - Parameter keys: flat vectors of all keys of the order, of `rowCount` rows.
  func encode(_ keys: [ColumnVector], _ range: Range<Int>) {
    for word in words { (word + range.lowerBound).initialize(repeating: 0, count: range.count) }
    for (field, key) in zip(layout.fields, keys) {
      switch key.type.physicalType {
      case .boolean: encode(field, key, range, as: UInt8.self) { UInt64($0) }
      case .int8:
        encode(field, key, range, as: Int8.self) { UInt64(UInt8(bitPattern: $0) ^ 0x80) }
      case .int16:
        encode(field, key, range, as: Int16.self) { UInt64(UInt16(bitPattern: $0) ^ 0x8000) }
      case .int32:
        encode(field, key, range, as: Int32.self) {
          UInt64(UInt32(bitPattern: $0) ^ 0x8000_0000)
        }
      case .int64:
        encode(field, key, range, as: Int64.self) { UInt64(bitPattern: $0) ^ (1 << 63) }
      case .float32: encode(field, key, range, as: Float.self) { UInt64(SortKeyWords.ordered($0)) }
      case .float64: encode(field, key, range, as: Double.self) { SortKeyWords.ordered($0) }
      case .string where key.type.isNested:
        encode(field, key, range, as: StringView.self) { _ in 0 }
      case .string: encode(field, key, range, as: StringView.self) { SortKeyWords.prefix($0) }
      case .int128: encodeWide(field, key, range)
      }
    }
  }

  /// Maps a number to an integer of the same order.
  @inline(__always)
  static func ordered(_ value: Double) -> UInt64 {
    if value.isNaN { return .max }
    let bits = (value == 0 ? 0 : value).bitPattern
    return bits >> 63 == 0 ? bits | (1 << 63) : ~bits
  }

  @inline(__always)
  static func ordered(_ value: Float) -> UInt32 {
    if value.isNaN { return .max }
    let bits = (value == 0 ? 0 : value).bitPattern
    return bits >> 31 == 0 ? bits | (1 << 31) : ~bits
  }

  /// The first 8 bytes as a big-endian number, zeros behind a shorter string.
  @inline(__always)
  static func prefix(_ view: StringView) -> UInt64 {
    let first = UInt32(truncatingIfNeeded: view.low >> 32).byteSwapped
    var second = UInt32(truncatingIfNeeded: view.high).byteSwapped
    if !view.isInline, let bytes = UnsafeRawPointer(bitPattern: UInt(view.high)) {
      second = bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self).byteSwapped
    }
    return UInt64(first) << 32 | UInt64(second)
  }

  @inline(__always)
  private func encode<Element: BitwiseCopyable>(
    _ field: SortKeyLayout.Field,
    _ key: ColumnVector,
    _ range: Range<Int>,
    as element: Element.Type,
    ordered: (Element) -> UInt64
  ) {
    let values = key.values(as: Element.self)
    let validity = key.validity
    let inversion = field.order.isAscending ? 0 : UInt64.max >> UInt64(64 - field.width)
    writeNullBits(field, validity, range)
    for row in range where validity.map({ $0[row] != 0 }) ?? true {
      write(ordered(values[row]) ^ inversion, width: field.width, at: field.offset, row)
    }
  }

  private func encodeWide(
    _ field: SortKeyLayout.Field,
    _ key: ColumnVector,
    _ range: Range<Int>
  ) {
    let values = key.values(as: UInt128.self)
    let validity = key.validity
    let inversion: UInt128 = field.order.isAscending ? 0 : .max
    writeNullBits(field, validity, range)
    for row in range where validity.map({ $0[row] != 0 }) ?? true {
      let value = (values[row] ^ (1 << 127)) ^ inversion
      write(UInt64(truncatingIfNeeded: value >> 64), width: 64, at: field.offset, row)
      write(UInt64(truncatingIfNeeded: value), width: 64, at: field.offset + 64, row)
    }
  }

  private func writeNullBits(
    _ field: SortKeyLayout.Field,
    _ validity: UnsafePointer<UInt8>?,
    _ range: Range<Int>
  ) {
    guard field.hasNullBit else { return }
    let nullBit: UInt64 = field.order.nullsFirst ? 0 : 1
    for row in range {
      let isNull = validity.map { $0[row] == 0 } ?? false
      write(isNull ? nullBit : 1 - nullBit, width: 1, at: field.offset - 1, row)
    }
  }

  /// Puts the low `width` bits of a value at a bit position, which may cross into the next word.
  @inline(__always)
  private func write(_ value: UInt64, width: Int, at offset: Int, _ row: Int) {
    let word = offset >> 6
    let end = (offset & 63) + width
    if end <= 64 {
      words[word][row] |= value << UInt64(64 - end)
    } else {
      words[word][row] |= value >> UInt64(end - 64)
      words[word + 1][row] |= value << UInt64(128 - end)
    }
  }
}
