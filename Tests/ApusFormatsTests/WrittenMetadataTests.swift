import ApusValues
import ApusVectors
import Testing

@testable import ApusFormats

/// What only other readers look at: schema annotations, encodings and the page index.
@Suite struct WrittenMetadataTests {
  private func schema(_ type: SQLType) throws -> ThriftTree? {
    let file = try WrittenFile([Field(name: "c", type: type)], [])
    return try ThriftTree(footerOf: file.bytes)[2]?.elements.last
  }

  @Test func integersAreAnnotatedByTheirWidth() throws {
    let tinyint = try schema(.tinyint)
    #expect(tinyint?[1] == .integer(1))
    #expect(tinyint?[3] == .integer(1))
    #expect(tinyint?[6] == .integer(15))
    #expect(tinyint?[10]?[10] == .structure([1: .integer(8), 2: .boolean(true)]))
    #expect(try schema(.integer)?[10] == nil)
    #expect(try schema(.bigint)?[1] == .integer(2))
  }

  @Test func decimalsAreAsNarrowAsTheirDigits() throws {
    // Physical types 1, 2 and 7 are INT32, INT64 and FIXED_LEN_BYTE_ARRAY.
    let widths = [
      (9, 1, nil), (10, 2, nil), (18, 2, nil), (19, 7, 9), (20, 7, 9), (21, 7, 9), (22, 7, 10),
      (35, 7, 15), (36, 7, 16), (38, 7, 16),
    ]
    for (precision, physical, length) in widths {
      let element = try schema(.decimal(precision: precision, scale: 2))
      #expect(element?[1] == .integer(physical))
      #expect(element?[2]?.integer == length, "precision \(precision)")
      #expect(element?[6] == .integer(5))
      #expect(element?[7] == .integer(2))
      #expect(element?[8] == .integer(precision))
      #expect(element?[10]?[5] == .structure([1: .integer(2), 2: .integer(precision)]))
    }
  }

  @Test func timestampsHaveNoZone() throws {
    for (precision, unit) in [(0, 1), (3, 1), (6, 2), (9, 3)] {
      let element = try schema(.timestamp(precision: precision))
      #expect(element?[1] == .integer(2))
      // The older annotation means UTC.
      #expect(element?[6] == nil)
      #expect(
        element?[10]?[8]
          == .structure([1: .boolean(false), 2: .structure([unit: .structure([:])])])
      )
    }
  }

  @Test func textIsAnnotatedAndBinaryIsNot() throws {
    #expect(try schema(.char(length: 3))?[10]?[1] == .structure([:]))
    #expect(try schema(.text)?[6] == .integer(0))
    #expect(try schema(.varbinary)?[6] == nil)
    #expect(try schema(.varbinary)?[10] == nil)
  }

  @Test func metadataAndColumnOrders() throws {
    let fields = [Field(name: "a", type: .bigint), Field(name: "b", type: .text)]
    let options = ParquetWriterOptions(metadata: [("wing", "span")])
    let footer = try ThriftTree(footerOf: WrittenFile(fields, [], options).bytes)
    #expect(
      footer[5]?.elements == [
        .structure([1: .binary(Array("wing".utf8)), 2: .binary(Array("span".utf8))])
      ]
    )
    #expect(footer[7]?.elements.count == 2)
    #expect(footer[7]?.elements.allSatisfy { $0 == .structure([1: .structure([:])]) } == true)
  }

  /// Pages of a column as the indexes and the page headers tell of them.
  @Test func thePageIndexLeadsToThePages() throws {
    let values =
      (0..<1000).map { Value.integer($0 / 300) }
      + [Value](repeating: .null, count: 500)
      + (0..<700).map { $0 % 2 == 0 ? Value.null : .integer($0 - 5000) }
    let file = try WrittenFile(
      [Field(name: "c", type: .bigint)],
      [Batch(columns: [makeFlat(values, .bigint)], rowCount: values.count)],
      ParquetWriterOptions(rowGroupRowLimit: 1800, pageRowLimit: 500)
    )
    var firstRow = 0
    for group in try ThriftTree(footerOf: file.bytes)[4]?.elements ?? [] {
      let chunk = try #require(group[1]?.elements.first)
      let offsetIndex = try ThriftTree(
        structureIn: file.bytes,
        at: try #require(chunk[4]?.integer)
      )
      let columnIndex = try ThriftTree(
        structureIn: file.bytes,
        at: try #require(chunk[6]?.integer)
      )
      let pages = try #require(offsetIndex[1]?.elements)
      let rowCount = try #require(group[3]?.integer)
      var end = try #require(chunk[3]?[9]?.integer)
      for (index, page) in pages.enumerated() {
        // Pages follow each other from the first to the end of the chunk.
        #expect(page[1]?.integer == end)
        let pageByteCount = try #require(page[2]?.integer)
        end += pageByteCount
        let start = try #require(page[3]?.integer)
        let next = index + 1 < pages.count ? pages[index + 1][3]?.integer : rowCount
        let rows = values[(firstRow + start)..<(firstRow + (try #require(next)))]
        let header = try ThriftTree(
          structureIn: file.bytes,
          at: try #require(page[1]?.integer)
        )
        #expect(header[5]?[1]?.integer == rows.count)
        let numbers = rows.compactMap { if case .integer(let value) = $0 { value } else { nil } }
        #expect(columnIndex[1]?.elements[index] == .boolean(numbers.isEmpty))
        #expect(columnIndex[5]?.elements[index] == .integer(rows.count - numbers.count))
        #expect(columnIndex[2]?.elements[index].bytes == plain(numbers.min()))
        #expect(columnIndex[3]?.elements[index].bytes == plain(numbers.max()))
      }
      let chunkStart = try #require(chunk[3]?[11]?.integer ?? chunk[3]?[9]?.integer)
      let chunkByteCount = try #require(chunk[3]?[7]?.integer)
      #expect(end == chunkStart + chunkByteCount)
      firstRow += rowCount
    }
    #expect(firstRow == values.count)
  }

  private func plain(_ value: Int64?) -> [UInt8] {
    guard let value else { return [] }
    return withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  @Test func aPageWithNaNLeavesTheColumnWithoutColumnIndex() throws {
    let values = [Value.double(1), .double(.nan)]
    let file = try WrittenFile(
      [Field(name: "c", type: .double)],
      [Batch(columns: [makeFlat(values, .double)], rowCount: 2)]
    )
    let group = try ThriftTree(footerOf: file.bytes)[4]?.elements.first
    let chunk = group?[1]?.elements.first
    #expect(chunk?[4] != nil)
    #expect(chunk?[6] == nil)
    #expect(chunk?[3]?[12] == .structure([3: .integer(0)]))
  }

  @Test func encodingsAreCounted() throws {
    let few = (0..<2000).map { Value.integer($0 % 5) }
    let many = (0..<3000).map { Value.integer($0) }
    let file = try WrittenFile(
      [Field(name: "c", type: .bigint)],
      [Batch(columns: [makeFlat(few + many, .bigint)], rowCount: 5000)],
      ParquetWriterOptions(pageRowLimit: 1000, dictionaryByteLimit: 8 * 1200)
    )
    let group = try ThriftTree(footerOf: file.bytes)[4]?.elements.first
    let statistics = group?[1]?.elements.first?[3]?[13]?.elements
    // Page type, encoding, count: the dictionary, pages of indices, pages of values.
    #expect(
      statistics == [
        .structure([1: .integer(2), 2: .integer(2), 3: .integer(1)]),
        .structure([1: .integer(0), 2: .integer(2), 3: .integer(4)]),
        .structure([1: .integer(0), 2: .integer(0), 3: .integer(1)]),
      ]
    )
  }
}
