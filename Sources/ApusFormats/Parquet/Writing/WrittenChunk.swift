import ApusCompression
import ApusValues

// What remains of a chunk once its bytes are written: its part of the footer and of the page index.
//
// Source: parquet-format, parquet.thrift, ColumnMetaData, ColumnIndex and OffsetIndex.

struct WrittenChunk {
  let name: String
  let form: StoredForm
  let isText: Bool
  let codec: Codec
  private(set) var dictionaryPageOffset: Int?
  private(set) var dataPageOffset = 0
  private(set) var byteCount = 0
  private(set) var uncompressedByteCount = 0
  private(set) var rowCount = 0
  private(set) var nullCount = 0
  private(set) var dictionaryPages = 0
  private(set) var plainPages = 0
  private(set) var bounds = WrittenBounds()
  private var pages: [IndexedPage] = []

  /// Where the page indexes lie, once they are written.
  var columnIndex: Range<Int>?
  var offsetIndex: Range<Int>?

  /// A data page as the indexes list it.
  private struct IndexedPage {
    var offset: Int
    var byteCount: Int
    var firstRow: Int
    var nullCount: Int
    var isAllNull: Bool
    var low: BoundBytes?
    var high: BoundBytes?
  }

  init(_ column: ColumnChunkWriter, codec: Codec) {
    name = column.field.name
    form = column.form
    isText = column.field.type.isText
    self.codec = codec
  }

  /// Where the chunk starts in the file.
  var firstByte: Int { dictionaryPageOffset ?? dataPageOffset }

  mutating func addDictionaryPage(_ page: WrittenPage, at offset: Int) {
    dictionaryPageOffset = offset
    byteCount += page.byteCount
    uncompressedByteCount += page.uncompressedByteCount
  }

  mutating func add(_ page: ColumnChunkWriter.DataPage, at offset: Int) {
    if pages.isEmpty { dataPageOffset = offset }
    byteCount += page.page.byteCount
    uncompressedByteCount += page.page.uncompressedByteCount
    if page.usesDictionary { dictionaryPages += 1 } else { plainPages += 1 }
    pages.append(
      IndexedPage(
        offset: offset,
        byteCount: page.page.byteCount,
        firstRow: rowCount,
        nullCount: page.rowCount - page.valueCount,
        isAllNull: page.valueCount == 0,
        low: lowBytes(page.bounds),
        high: highBytes(page.bounds)
      )
    )
    rowCount += page.rowCount
    nullCount += page.rowCount - page.valueCount
    bounds.merge(page.bounds)
  }

  private func lowBytes(_ bounds: WrittenBounds) -> BoundBytes? {
    guard bounds.isKnown, let low = bounds.low else { return nil }
    return BoundBytes(low, form: form, isUpper: false, isText: isText)
  }

  private func highBytes(_ bounds: WrittenBounds) -> BoundBytes? {
    guard bounds.isKnown, let high = bounds.high else { return nil }
    return BoundBytes(high, form: form, isUpper: true, isText: isText)
  }

  var statistics: ChunkStatistics {
    let low = lowBytes(bounds)
    let high = highBytes(bounds)
    return ChunkStatistics(
      nullCount: nullCount,
      maximum: high?.bytes,
      minimum: low?.bytes,
      maximumIsExact: high?.isExact,
      minimumIsExact: low?.isExact
    )
  }

  /// Memory of what is kept for the indexes, about.
  var allocatedByteCount: Int {
    pages.count * (MemoryLayout<IndexedPage>.stride + 2 * 32)
  }

  /// The bytes of the ColumnIndex; nil if a page with values has no bounds, for which it has no
  /// place.
  func makeColumnIndex() -> [UInt8]? {
    guard pages.allSatisfy({ $0.isAllNull || ($0.low != nil && $0.high != nil) }) else {
      return nil
    }
    var writer = ThriftWriter()
    writer.structure { index in
      index.field(1, listOf: .booleanTrue, count: pages.count)
      for page in pages { index.element(page.isAllNull) }
      index.field(2, listOf: .binary, count: pages.count)
      for page in pages { index.binary(page.low?.bytes ?? []) }
      index.field(3, listOf: .binary, count: pages.count)
      for page in pages { index.binary(page.high?.bytes ?? []) }
      // Unordered; an order would only quicken the search.
      index.field(4, int32: 0)
      index.field(5, listOf: .int64, count: pages.count)
      for page in pages { index.zigzag(Int64(page.nullCount)) }
    }
    return writer.bytes
  }

  /// The bytes of the OffsetIndex.
  func makeOffsetIndex() -> [UInt8] {
    var writer = ThriftWriter()
    writer.structure { index in
      index.field(1, listOf: .structure, count: pages.count)
      for page in pages {
        index.structure { location in
          location.field(1, int64: page.offset)
          location.field(2, int32: page.byteCount)
          location.field(3, int64: page.firstRow)
        }
      }
    }
    return writer.bytes
  }
}
