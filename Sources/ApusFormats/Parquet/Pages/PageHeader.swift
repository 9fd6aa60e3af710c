/// What precedes the bytes of a page.
///
/// Source: parquet-format, PageHeader.
struct PageHeader {
  enum Kind {
    case data
    case dataVersion2
    case dictionary
    /// An index page or one newer than Apus; stepped over.
    case other
  }

  var kind = Kind.other
  /// Bytes after decompression, levels included.
  var byteCount = 0
  /// Bytes that follow the header.
  var compressedByteCount = 0
  var checksum: UInt32?
  /// Values, NULLs included.
  var valueCount = 0
  /// Nil for an encoding that the format did not have.
  var encoding: ParquetEncoding?
  var encodingNumber = 0
  var definitionLevelEncoding = ParquetEncoding.runLength.rawValue
  var definitionLevelByteCount = 0
  var repetitionLevelByteCount = 0
  /// Whether the values of a version 2 page are compressed.
  var isCompressed = true

  init(_ reader: inout ThriftReader) throws(FormatError) {
    var hasType = false
    var type: Int64 = -1
    var detail = 0
    var last = 0
    while let field = try reader.field(after: &last) {
      switch field.id {
      case 1:
        type = try reader.integer(field)
        hasType = true
      case 2: byteCount = try reader.count(field, limit: Int(Int32.max), "the size of a page")
      case 3:
        compressedByteCount = try reader.count(field, limit: Int(Int32.max), "the size of a page")
      case 4: checksum = UInt32(truncatingIfNeeded: try reader.integer(field))
      case 5, 7, 8:
        try reader.expectStructure(field)
        detail = field.id
        try readDetail(&reader, isVersion2: field.id == 8)
      default: try reader.skip(field)
      }
    }
    guard hasType else { throw reader.corrupt("a page header has no type") }
    switch (type, detail) {
    case (0, 5): kind = .data
    case (2, 7): kind = .dictionary
    case (3, 8): kind = .dataVersion2
    case (0, _), (2, _), (3, _): throw reader.corrupt("a page header lacks its details")
    default: kind = .other
    }
  }

  /// Reads one of DataPageHeader, DictionaryPageHeader (a prefix of it) and DataPageHeaderV2.
  private mutating func readDetail(
    _ reader: inout ThriftReader,
    isVersion2: Bool
  ) throws(FormatError) {
    var last = 0
    while let field = try reader.field(after: &last) {
      switch (field.id, isVersion2) {
      case (1, _):
        valueCount = try reader.count(field, limit: Int(Int32.max), "the value count of a page")
      case (2, false), (4, true):
        encodingNumber = Int(truncatingIfNeeded: try reader.integer(field))
        encoding = ParquetEncoding(rawValue: encodingNumber)
      case (3, false) where field.type == .int32:
        definitionLevelEncoding = Int(truncatingIfNeeded: try reader.integer(field))
      case (5, true):
        definitionLevelByteCount = try reader.count(
          field,
          limit: Int(Int32.max),
          "the size of definition levels"
        )
      case (6, true):
        repetitionLevelByteCount = try reader.count(
          field,
          limit: Int(Int32.max),
          "the size of repetition levels"
        )
      case (7, true): isCompressed = try reader.boolean(field)
      default: try reader.skip(field)
      }
    }
  }
}
