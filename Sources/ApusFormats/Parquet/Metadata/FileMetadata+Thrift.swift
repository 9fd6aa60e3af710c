import ApusCompression

extension FileMetadata {
  /// Reads the footer's FileMetaData.
  init(_ reader: inout ThriftReader) throws(FormatError) {
    self.init()
    var required = RequiredFields([2, 3, 4], of: "the footer")
    var last = 0
    while let field = try reader.field(after: &last) {
      required.note(field)
      switch field.id {
      case 2:
        for _ in 0..<(try reader.list(field, of: .structure)) {
          schema.append(try SchemaElement(&reader))
        }
      case 3: rowCount = try reader.count(field, "the row count of the file")
      case 4:
        for _ in 0..<(try reader.list(field, of: .structure)) {
          rowGroups.append(try RowGroup(&reader))
        }
      case 6: createdBy = try reader.string(field)
      case 8:
        isEncrypted = true
        try reader.skip(field)
      default: try reader.skip(field)
      }
    }
    try required.check(reader)
  }
}

extension SchemaElement {
  init(_ reader: inout ThriftReader) throws(FormatError) {
    self.init()
    var last = 0
    while let field = try reader.field(after: &last) {
      switch field.id {
      case 1:
        let number = Int(truncatingIfNeeded: try reader.integer(field))
        physicalType = ParquetPhysicalType(rawValue: number)
        if physicalType == nil { unknownPhysicalType = number }
      case 2: typeLength = try reader.count(field, limit: 1 << 31, "a type length")
      case 3:
        guard
          let known = ParquetRepetition(
            rawValue: Int(truncatingIfNeeded: try reader.integer(field))
          )
        else { throw reader.corrupt("unknown repetition in the schema") }
        repetition = known
      case 4: name = try reader.string(field)
      case 5: childCount = try reader.count(field, limit: 1 << 31, "a number of children")
      case 6: convertedType = Int(truncatingIfNeeded: try reader.integer(field))
      case 7: scale = Int(truncatingIfNeeded: try reader.integer(field))
      case 8: precision = Int(truncatingIfNeeded: try reader.integer(field))
      case 10:
        try reader.expectStructure(field)
        logicalType = try LogicalType(&reader)
      default: try reader.skip(field)
      }
    }
  }
}

extension RowGroup {
  init(_ reader: inout ThriftReader) throws(FormatError) {
    self.init()
    var required = RequiredFields([1, 3], of: "a row group")
    var last = 0
    while let field = try reader.field(after: &last) {
      required.note(field)
      switch field.id {
      case 1:
        for _ in 0..<(try reader.list(field, of: .structure)) {
          columns.append(try ColumnChunk(&reader))
        }
      case 2: totalByteCount = Int(truncatingIfNeeded: try reader.integer(field))
      case 3: rowCount = try reader.count(field, "the row count of a row group")
      default: try reader.skip(field)
      }
    }
    try required.check(reader)
  }
}

extension ColumnChunk {
  init(_ reader: inout ThriftReader) throws(FormatError) {
    self.init()
    var indexes = (offset: (start: 0, count: 0), column: (start: 0, count: 0))
    var last = 0
    while let field = try reader.field(after: &last) {
      switch field.id {
      case 1: filePath = try reader.string(field)
      case 3:
        try reader.expectStructure(field)
        hasMetadata = true
        try readMetadata(&reader)
      case 4: indexes.offset.start = try reader.count(field, "the place of an offset index")
      case 5: indexes.offset.count = try reader.count(field, "the size of an offset index")
      case 6: indexes.column.start = try reader.count(field, "the place of a column index")
      case 7: indexes.column.count = try reader.count(field, "the size of a column index")
      case 8, 9:
        isEncrypted = true
        try reader.skip(field)
      default: try reader.skip(field)
      }
    }
    offsetIndex = ColumnChunk.place(indexes.offset)
    columnIndex = ColumnChunk.place(indexes.column)
  }

  private static func place(_ place: (start: Int, count: Int)) -> Range<Int>? {
    place.start > 0 && place.count > 0 ? place.start..<place.start + place.count : nil
  }

  private mutating func readMetadata(_ reader: inout ThriftReader) throws(FormatError) {
    var required = RequiredFields([1, 4, 5, 7, 9], of: "a column chunk")
    var last = 0
    while let field = try reader.field(after: &last) {
      required.note(field)
      switch field.id {
      case 1:
        physicalType = ParquetPhysicalType(
          rawValue: Int(truncatingIfNeeded: try reader.integer(field))
        )
      case 4:
        codecNumber = Int(truncatingIfNeeded: try reader.integer(field))
        codec = Codec(parquetNumber: codecNumber)
      case 5: valueCount = try reader.count(field, "the value count of a column chunk")
      case 7: compressedByteCount = try reader.count(field, "the size of a column chunk")
      case 9: dataPageOffset = try reader.count(field, "the offset of a column chunk")
      case 11:
        // Some writers say 0 for "none"; nothing can lie there, the magic number does.
        let offset = try reader.count(field, "the offset of a dictionary page")
        dictionaryPageOffset = offset == 0 ? nil : offset
      case 12:
        try reader.expectStructure(field)
        statistics = try ChunkStatistics(&reader)
      case 13: isDictionaryEncoded = try ColumnChunk.readEncodings(&reader, field)
      case 14:
        let offset = try reader.count(field, "the place of a Bloom filter")
        bloomFilterOffset = offset == 0 ? nil : offset
      case 15: bloomFilterByteCount = try reader.count(field, "the size of a Bloom filter")
      default: try reader.skip(field)
      }
    }
    try required.check(reader)
  }

  /// Reads the counts of pages by encoding; true if all data pages are of dictionary indices.
  private static func readEncodings(
    _ reader: inout ThriftReader,
    _ field: ThriftField
  ) throws(FormatError) -> Bool {
    var counts = (indices: 0, others: 0)
    for _ in 0..<(try reader.list(field, of: .structure)) {
      var (page, encoding, count) = (Int64(-1), Int64(-1), Int64(0))
      var last = 0
      while let field = try reader.field(after: &last) {
        switch field.id {
        case 1: page = try reader.integer(field)
        case 2: encoding = try reader.integer(field)
        case 3: count = try reader.integer(field)
        default: try reader.skip(field)
        }
      }
      // Data pages of either version.
      guard page == 0 || page == 3, count != 0 else { continue }
      switch ParquetEncoding(rawValue: Int(truncatingIfNeeded: encoding)) {
      case .plainDictionary, .runLengthDictionary: counts.indices += 1
      default: counts.others += 1
      }
    }
    return counts.indices > 0 && counts.others == 0
  }
}

extension ChunkStatistics {
  init(_ reader: inout ThriftReader) throws(FormatError) {
    self.init()
    var last = 0
    while let field = try reader.field(after: &last) {
      switch field.id {
      case 1: deprecatedMaximum = Array(try reader.binary(field))
      case 2: deprecatedMinimum = Array(try reader.binary(field))
      case 3: nullCount = Int(truncatingIfNeeded: try reader.integer(field))
      case 5: maximum = Array(try reader.binary(field))
      case 6: minimum = Array(try reader.binary(field))
      case 7: maximumIsExact = try reader.boolean(field)
      case 8: minimumIsExact = try reader.boolean(field)
      default: try reader.skip(field)
      }
    }
  }
}

extension Codec {
  /// The codec with this number in the format; nil if Apus has it not (LZO).
  init?(parquetNumber number: Int) {
    switch number {
    case 0: self = .uncompressed
    case 1: self = .snappy
    case 2: self = .gzip
    case 4: self = .brotli
    case 5: self = .lz4Legacy
    case 6: self = .zstandard
    case 7: self = .lz4Raw
    default: return nil
    }
  }
}

/// The fields that a structure cannot do without: a changed field number hides one, and what is
/// left may look sound.
struct RequiredFields {
  private var missing: Set<Int>
  private let structure: String

  init(_ ids: Set<Int>, of structure: String) {
    missing = ids
    self.structure = structure
  }

  mutating func note(_ field: ThriftField) { missing.remove(field.id) }

  func check(_ reader: ThriftReader) throws(FormatError) {
    guard let first = missing.min() else { return }
    throw reader.corrupt("\(structure) lacks field \(first)")
  }
}
