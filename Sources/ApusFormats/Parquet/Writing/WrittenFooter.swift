import ApusCompression

// The footer as it is written; `FileMetadata+Thrift` is the other direction.
//
// Source: parquet-format, src/main/thrift/parquet.thrift.

/// The chunks of a row group that is written.
struct WrittenRowGroup {
  var chunks: [WrittenChunk]
  var rowCount: Int
}

extension ThriftWriter {
  /// Writes FileMetaData.
  mutating func footer(
    schema: [SchemaElement],
    rowGroups: [WrittenRowGroup],
    metadata: [(key: String, value: String)],
    createdBy: String
  ) {
    structure { footer in
      footer.field(1, int32: 1)
      footer.field(2, listOf: .structure, count: schema.count + 1)
      footer.structure { root in
        root.field(4, "schema")
        root.field(5, int32: schema.count)
      }
      for element in schema { footer.schemaElement(element) }
      footer.field(3, int64: rowGroups.reduce(0) { $0 + $1.rowCount })
      footer.field(4, listOf: .structure, count: rowGroups.count)
      for group in rowGroups { footer.rowGroup(group) }
      if !metadata.isEmpty {
        footer.field(5, listOf: .structure, count: metadata.count)
        for (key, value) in metadata {
          footer.structure { pair in
            pair.field(1, key)
            pair.field(2, value)
          }
        }
      }
      footer.field(6, createdBy)
      // All columns are in the order of their type; without this, readers ignore their bounds.
      footer.field(7, listOf: .structure, count: schema.count)
      for _ in schema {
        footer.structure { order in order.field(1) { _ in } }
      }
    }
  }

  private mutating func schemaElement(_ element: SchemaElement) {
    structure { writer in
      if let type = element.physicalType { writer.field(1, int32: type.rawValue) }
      if element.typeLength > 0 { writer.field(2, int32: element.typeLength) }
      writer.field(3, int32: element.repetition.rawValue)
      writer.field(4, element.name)
      if let type = element.convertedType { writer.field(6, int32: type) }
      if case .decimal(let precision, let scale) = element.logicalType {
        writer.field(7, int32: scale)
        writer.field(8, int32: precision)
      }
      if let type = element.logicalType {
        writer.field(10) { union in union.logicalType(type) }
      }
    }
  }

  /// Writes the one field of the LogicalType union.
  private mutating func logicalType(_ type: LogicalType) {
    switch type {
    case .string: field(1) { _ in }
    case .decimal(let precision, let scale):
      field(5) { decimal in
        decimal.field(1, int32: scale)
        decimal.field(2, int32: precision)
      }
    case .date: field(6) { _ in }
    case .time(let unit): field(7) { time in time.timeUnit(unit) }
    case .timestamp(let unit): field(8) { timestamp in timestamp.timeUnit(unit) }
    case .integer(let bitWidth, let isSigned):
      field(10) { integer in
        integer.field(1, int8: Int8(bitWidth))
        integer.field(2, isSigned)
      }
    case .map: field(2) { _ in }
    case .list: field(3) { _ in }
    case .enumeration: field(4) { _ in }
    case .unknown: field(11) { _ in }
    case .json: field(12) { _ in }
    case .bson: field(13) { _ in }
    case .uuid: field(14) { _ in }
    case .float16: field(15) { _ in }
    case .interval, .other:
      // The union has no place for them.
      break
    }
  }

  /// Writes the fields of TimeType and TimestampType, without a zone.
  private mutating func timeUnit(_ unit: TimeUnit) {
    field(1, false)
    field(2) { union in
      switch unit {
      case .milliseconds: union.field(1) { _ in }
      case .microseconds: union.field(2) { _ in }
      case .nanoseconds: union.field(3) { _ in }
      }
    }
  }

  private mutating func rowGroup(_ group: WrittenRowGroup) {
    structure { writer in
      writer.field(1, listOf: .structure, count: group.chunks.count)
      for chunk in group.chunks { writer.columnChunk(chunk) }
      writer.field(2, int64: group.chunks.reduce(0) { $0 + $1.uncompressedByteCount })
      writer.field(3, int64: group.rowCount)
      writer.field(5, int64: group.chunks.first?.firstByte ?? 4)
      writer.field(6, int64: group.chunks.reduce(0) { $0 + $1.byteCount })
    }
  }

  private mutating func columnChunk(_ chunk: WrittenChunk) {
    structure { writer in
      writer.field(2, int64: chunk.firstByte)
      writer.field(3) { metadata in metadata.columnMetadata(chunk) }
      if let range = chunk.offsetIndex {
        writer.field(4, int64: range.lowerBound)
        writer.field(5, int32: range.count)
      }
      if let range = chunk.columnIndex {
        writer.field(6, int64: range.lowerBound)
        writer.field(7, int32: range.count)
      }
    }
  }

  private mutating func columnMetadata(_ chunk: WrittenChunk) {
    field(1, int32: chunk.form.physicalType.rawValue)
    var encodings: [ParquetEncoding] = [.runLength]
    if chunk.dictionaryPageOffset != nil { encodings.append(.plainDictionary) }
    if chunk.plainPages > 0 { encodings.append(.plain) }
    field(2, listOf: .int32, count: encodings.count)
    for encoding in encodings { zigzag(Int64(encoding.rawValue)) }
    field(3, listOf: .binary, count: 1)
    binary(chunk.name)
    field(4, int32: chunk.codec.parquetNumber)
    field(5, int64: chunk.rowCount)
    field(6, int64: chunk.uncompressedByteCount)
    field(7, int64: chunk.byteCount)
    field(9, int64: chunk.dataPageOffset)
    if let offset = chunk.dictionaryPageOffset { field(11, int64: offset) }
    field(12) { writer in writer.statistics(chunk.statistics) }
    encodingStatistics(chunk)
  }

  private mutating func statistics(_ statistics: ChunkStatistics) {
    if let count = statistics.nullCount { field(3, int64: count) }
    if let maximum = statistics.maximum { field(5, maximum) }
    if let minimum = statistics.minimum { field(6, minimum) }
    if let isExact = statistics.maximumIsExact { field(7, isExact) }
    if let isExact = statistics.minimumIsExact { field(8, isExact) }
  }

  /// Says how many pages of a kind there are, from which readers learn whether the dictionary has
  /// all values.
  private mutating func encodingStatistics(_ chunk: WrittenChunk) {
    var entries: [(page: Int, encoding: ParquetEncoding, count: Int)] = []
    if chunk.dictionaryPageOffset != nil { entries.append((2, .plainDictionary, 1)) }
    if chunk.dictionaryPages > 0 { entries.append((0, .plainDictionary, chunk.dictionaryPages)) }
    if chunk.plainPages > 0 { entries.append((0, .plain, chunk.plainPages)) }
    field(13, listOf: .structure, count: entries.count)
    for entry in entries {
      structure { writer in
        writer.field(1, int32: entry.page)
        writer.field(2, int32: entry.encoding.rawValue)
        writer.field(3, int32: entry.count)
      }
    }
  }
}

extension Codec {
  /// The number of the codec in the format.
  var parquetNumber: Int {
    switch self {
    case .uncompressed: 0
    case .snappy: 1
    case .gzip: 2
    case .brotli: 4
    case .lz4Legacy: 5
    case .zstandard: 6
    case .lz4Raw: 7
    }
  }
}
