import ApusCompression

// The footer as the file states it, checked for its own sake only: counts are not negative and
// bounded, enumerations known or kept as numbers. Whether it fits the file is `ParquetFile`'s
// business.
//
// Source: parquet-format, src/main/thrift/parquet.thrift.

/// How Parquet stores a value, by its number in the format.
enum ParquetPhysicalType: Int, Sendable {
  case boolean = 0
  case int32 = 1
  case int64 = 2
  case int96 = 3
  case float = 4
  case double = 5
  case byteArray = 6
  case fixedLengthByteArray = 7
}

enum ParquetRepetition: Int, Sendable {
  case required = 0
  case optional = 1
  case repeated = 2
}

/// How the values of a page are encoded, by its number in the format.
enum ParquetEncoding: Int, Sendable {
  case plain = 0
  case plainDictionary = 2
  case runLength = 3
  case bitPacked = 4
  case deltaBinaryPacked = 5
  case deltaLengthByteArray = 6
  case deltaByteArray = 7
  case runLengthDictionary = 8
  case byteStreamSplit = 9

  var isDictionary: Bool { self == .plainDictionary || self == .runLengthDictionary }
}

/// A node of the flattened schema tree.
struct SchemaElement: Sendable {
  var name = ""
  var physicalType: ParquetPhysicalType?
  /// The number that stands for a physical type that the format did not have; nil if known.
  var unknownPhysicalType: Int?
  var typeLength = 0
  var repetition = ParquetRepetition.required
  /// Nil for a leaf.
  var childCount: Int?
  var convertedType: Int?
  var scale = 0
  var precision = 0
  var logicalType: LogicalType?
}

/// What a writer said about the values of a column chunk, as bytes.
struct ChunkStatistics: Sendable {
  var deprecatedMaximum: [UInt8]?
  var deprecatedMinimum: [UInt8]?
  var nullCount: Int?
  var maximum: [UInt8]?
  var minimum: [UInt8]?
  var maximumIsExact: Bool?
  var minimumIsExact: Bool?
}

/// One column of one row group.
struct ColumnChunk: Sendable {
  /// A file of its own, which no writer makes.
  var filePath: String?
  var isEncrypted = false
  var physicalType: ParquetPhysicalType?
  /// Nil for a codec that the format did not have or Apus lacks.
  var codec: Codec?
  var codecNumber = 0
  var valueCount = 0
  var compressedByteCount = 0
  var dataPageOffset = 0
  var dictionaryPageOffset: Int?
  var statistics: ChunkStatistics?
  /// Whether all data pages are said to be of indices into the dictionary.
  var isDictionaryEncoded = false
  /// Where the page indexes lie; nil if the chunk has none.
  var columnIndex: Range<Int>?
  var offsetIndex: Range<Int>?
  var bloomFilterOffset: Int?
  /// Bytes of the filter with its header; older writers do not say.
  var bloomFilterByteCount: Int?
  /// Whether the metadata of the chunk is in the footer.
  var hasMetadata = false

  /// Where the chunk starts in the file.
  var firstByte: Int { min(dataPageOffset, dictionaryPageOffset ?? dataPageOffset) }

  /// Where the dictionary page lies; nil if there is none in front of the data pages.
  var dictionaryBytes: Range<Int>? {
    guard let start = dictionaryPageOffset, start < dataPageOffset else { return nil }
    return start..<dataPageOffset
  }
}

struct RowGroup: Sendable {
  var columns: [ColumnChunk] = []
  var rowCount = 0
  var totalByteCount = 0
}

struct FileMetadata: Sendable {
  var schema: [SchemaElement] = []
  var rowCount = 0
  var rowGroups: [RowGroup] = []
  var createdBy: String?
  var isEncrypted = false
}
