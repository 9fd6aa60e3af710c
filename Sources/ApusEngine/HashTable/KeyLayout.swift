import ApusValues

// A key of several columns as one row of bytes.
//
// Columns are placed by size, largest first, so that all are aligned, then a bit per column that
// says whether it is NULL, then zeros up to a multiple of 8 bytes:
//
//   (smallint, varchar, bigint)
//   ┌──────────────────────────────┬────────────────┬──────┬───┬─────┐
//   │ varchar: view, 16 bytes      │ bigint, 8      │ int16│ N │ 0…0 │   32 bytes, 4 words
//   └──────────────────────────────┴────────────────┴──────┴───┴─────┘
//
// Equal keys have equal words, but for the pointers of long strings. So -0.0 is stored as 0.0, all
// NaNs as one, and NULL as zeros. Joins need no NULL bits: their keys with NULLs match nothing.

/// Where the columns of a key lie in its row.
struct KeyLayout: Sendable {
  struct Column: Sendable {
    var type: SQLType
    /// Bytes from the row's start.
    var offset: Int
    /// Where its NULL bit is: bytes from the row's start, and the bit.
    var nullByte: Int
    var nullBit: UInt8
  }

  /// In the order of the key.
  let columns: [Column]
  let hasNullBits: Bool
  /// Bytes of a row, a multiple of 8.
  let byteCount: Int
  /// The first words of a row are the views of this many strings, two words each.
  let stringCount: Int
  /// The byte with the NULL bits of a single column.
  private let singleNullByte: Int

  var wordCount: Int { byteCount / 8 }

  /// Whether the key of a row of one column is NULL.
  @inline(__always)
  func isNull(_ row: UnsafeRawPointer) -> Bool {
    hasNullBits && row.load(fromByteOffset: singleNullByte, as: UInt8.self) != 0
  }

  init(_ types: [SQLType], hasNullBits: Bool) {
    self.hasNullBits = hasNullBits
    var offsets = Array(repeating: 0, count: types.count)
    var end = 0
    let strings = types.indices.filter { types[$0].physicalType == .string }
    let others = types.indices.filter { types[$0].physicalType != .string }
    let bySize = others.sorted {
      (types[$1].physicalType.stride, $0) < (types[$0].physicalType.stride, $1)
    }
    for column in strings + bySize {
      offsets[column] = end
      end += types[column].physicalType.stride
    }
    columns = types.indices.map {
      Column(
        type: types[$0],
        offset: offsets[$0],
        nullByte: end + $0 / 8,
        nullBit: 1 << UInt8($0 % 8)
      )
    }
    singleNullByte = end
    if hasNullBits { end += (types.count + 7) / 8 }
    byteCount = max((end + 7) / 8 * 8, 8)
    stringCount = strings.count
  }
}
