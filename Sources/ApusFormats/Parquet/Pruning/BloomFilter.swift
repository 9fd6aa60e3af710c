import ApusValues

// A split-block Bloom filter: blocks of 256 bits, eight words of 32. The upper half of a value's hash
// chooses the block, the lower half one bit in each word.
//
// Source: parquet-format, BloomFilter.md.

/// The Bloom filter of a column chunk, in memory that outlives it.
struct BloomFilter {
  private let blocks: UnsafeRawBufferPointer

  private static let blockByteCount = 32
  private static let salt: [UInt32] = [
    0x47b6_137b, 0x4497_4d91, 0x8824_ad5b, 0xa2b7_289d, 0x7054_95c7, 0x2df1_424b, 0x9efc_4947,
    0x5c6b_fb31,
  ]

  /// - Parameter bytes: the header and the blocks, perhaps with more behind them.
  /// - Returns: nil for a filter that is damaged or of an algorithm that is not known.
  init?(_ bytes: UnsafeRawBufferPointer) {
    var reader = ThriftReader(bytes, fileOffset: 0)
    guard let byteCount = try? BloomFilter.blockBytes(&reader), byteCount > 0,
      byteCount % BloomFilter.blockByteCount == 0, byteCount <= reader.remaining
    else { return nil }
    let start = reader.position
    blocks = UnsafeRawBufferPointer(rebasing: bytes[start..<start + byteCount])
  }

  /// Reads BloomFilterHeader and returns the size of the blocks.
  ///
  /// - Throws: `FormatError` if the first and only member of one of its unions is not there.
  private static func blockBytes(_ reader: inout ThriftReader) throws(FormatError) -> Int {
    var required = RequiredFields([1, 2, 3, 4], of: "a Bloom filter")
    var byteCount = 0
    var last = 0
    while let field = try reader.field(after: &last) {
      required.note(field)
      guard field.id != 1 else {
        byteCount = try reader.count(field, limit: Int(Int32.max), "the size of a Bloom filter")
        continue
      }
      guard (2...4).contains(field.id) else { try reader.skip(field); continue }
      try reader.expectStructure(field)
      var members = RequiredFields([1], of: "a Bloom filter's header")
      var last = 0
      while let member = try reader.field(after: &last) {
        members.note(member)
        try reader.skip(member)
      }
      try members.check(reader)
    }
    try required.check(reader)
    return byteCount
  }

  /// Whether a value with this hash may be among those of the chunk.
  func mayContain(_ hash: UInt64) -> Bool {
    let blockCount = UInt64(blocks.count / BloomFilter.blockByteCount)
    let block = Int(((hash >> 32) * blockCount) >> 32) * BloomFilter.blockByteCount
    let key = UInt32(truncatingIfNeeded: hash)
    return BloomFilter.salt.indices.allSatisfy { index in
      let word = blocks.loadUnaligned(fromByteOffset: block + index * 4, as: UInt32.self)
      return word.littleEndian >> ((key &* BloomFilter.salt[index]) >> 27) & 1 != 0
    }
  }

  /// The hashes of the stored forms of a value; nil where values may be stored in other ways, too.
  static func hashes(_ value: Value, as conversion: ValueConversion, typeLength: Int) -> [UInt64]? {
    guard let forms = conversion.storedForms(value, typeLength: typeLength) else { return nil }
    return forms.map { $0.withUnsafeBytes { XXHash64.hash($0) } }
  }
}

extension ValueConversion {
  /// The plain encodings of a column's value, of which there are two for a floating-point zero and
  /// none if the column cannot hold it; nil where a value does not say how it is stored.
  fileprivate func storedForms(_ value: Value, typeLength: Int) -> [[UInt8]]? {
    func form(_ integer: some FixedWidthInteger) -> [[UInt8]] {
      [withUnsafeBytes(of: integer.littleEndian) { Array($0) }]
    }
    switch (self, value) {
    case (.copy32, .integer(let value)), (.int32ToInt8, .integer(let value)),
      (.int32ToInt16, .integer(let value)), (.int32ToInt64, .integer(let value)):
      return Int32(exactly: value).map { form($0) } ?? []
    case (.uint8ToInt16, .integer(let value)), (.uint16ToInt32, .integer(let value)),
      (.uint32ToInt64, .integer(let value)):
      return UInt32(exactly: value).map { form($0) } ?? []
    case (.copy64, .integer(let value)):
      return form(value)
    case (.int64ToInt128, .wide(let value)):
      return Int64(exactly: value).map { form($0) } ?? []
    case (.uint64ToInt128, .wide(let value)):
      return UInt64(exactly: value).map { form($0) } ?? []
    case (.copy32, .real(let value)):
      return value == 0
        ? form(Float(0).bitPattern) + form((-Float(0)).bitPattern) : form(value.bitPattern)
    case (.copy64, .double(let value)):
      return value == 0
        ? form(Double(0).bitPattern) + form((-Double(0)).bitPattern) : form(value.bitPattern)
    case (.string, .text(let value)):
      return [Array(value.utf8)]
    case (.string, .binary(let value)):
      return [value]
    default:
      return nil
    }
  }
}
