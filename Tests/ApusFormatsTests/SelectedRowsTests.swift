import ApusCompression
import ApusValues
import ApusVectors
import Testing

@testable import ApusFormats

/// Reading some rows of some columns gives what decoding everything and picking them gives.
@Suite struct SelectedRowsTests {
  @Test(arguments: GoldenFile.all.map(\.file))
  func goldenFilesGiveTheirRows(_ name: String) throws {
    let bytes = try GoldenFile.bytes(of: name)
    let file = try openParquet(bytes)
    let columns = file.fields.indices.filter { file.obstacle(column: $0) == nil }
    let all = try readParquet(bytes, columns: columns).rows
    var generator = SplitMix(seed: 5)
    for step in [1_000_000, 400, 61] {
      for _ in 0..<4 { try check(bytes, columns, all, step: step, &generator) }
    }
  }

  /// Every type in every shape: with NULLs, small pages, and dictionaries that end in mid-chunk.
  @Test(arguments: ParquetWriterTests.types)
  func writtenFilesGiveTheirRows(_ type: SQLType) throws {
    var generator = SplitMix(seed: 6)
    let rowCount = 3000
    let columns = ColumnShape.allCases.flatMap { shape in
      [0, 30].map { randomColumn(type, shape, count: rowCount, nulls: $0, using: &generator) }
    }
    let fields = columns.indices.map { Field(name: "c\($0)", type: type) }
    let batch = Batch(columns: columns.map { makeFlat($0, type) }, rowCount: rowCount)
    for dictionaryByteLimit in [0, 600, 1 << 20] {
      let options = ParquetWriterOptions(
        rowGroupRowLimit: 2000,
        pageRowLimit: 170,
        dictionaryByteLimit: dictionaryByteLimit
      )
      let bytes = try WrittenFile(fields, [batch], options).bytes
      let all = try readParquet(bytes).rows
      #expect(all.count == rowCount)
      for step in [2000, 512, 40] {
        try check(bytes, Array(fields.indices), all, step: step, &generator)
      }
    }
  }

  @Test func pagesWithoutWantedRowsAreNotLookedAt() throws {
    let rowCount = 1000
    let fields = [Field(name: "n", type: .bigint)]
    let values = (0..<rowCount).map { Value.integer(Int64($0)) }
    let batch = Batch(columns: [makeFlat(values, .bigint)], rowCount: rowCount)
    let options = ParquetWriterOptions(
      compression: .snappy,
      pageRowLimit: 100,
      dictionaryByteLimit: 0
    )
    let written = try WrittenFile(fields, [batch], options)
    var bytes = written.bytes
    let pages = try pageBodies(written)
    #expect(pages.count == 10)
    // Damage in all pages but the fourth.
    for (index, page) in pages.enumerated() where index != 3 {
      for offset in page { bytes[offset] = 0xff }
    }
    let reader = try openRowGroup(bytes, try openParquet(bytes), 0, [0])
    #expect(reader.begin(330) == 330)
    #expect(reader.begin(70) == 70)
    let some = RowStretches(Selection(rowCount: 70, indices: [0, 69]))
    #expect(try reader.column(0, rows: some).value(1) == .integer(399))
    #expect(reader.begin(50) == 50)
    #expect(throws: FormatError.self) { try reader.column(0) }
  }

  @Test func manyShortStretchesAreDecodedAsAWhole() {
    let every: [Int32] = (0..<1000).map { $0 * 2 }
    #expect(RowStretches(Selection(rowCount: 2000, indices: every)).stretches == nil)
    #expect(RowStretches(.all(2000)).stretches == nil)
    let few: [Int32] = [3, 4, 5, 900, 1998, 1999]
    let stretches = RowStretches(Selection(rowCount: 2000, indices: few)).stretches
    #expect(stretches == [3..<6, 900..<901, 1998..<2000])
  }

  /// Reads random rows of random columns of a file and compares them with those of `all`.
  private func check(
    _ bytes: [UInt8],
    _ columns: [Int],
    _ all: [[String?]],
    step: Int,
    _ generator: inout SplitMix
  ) throws {
    let file = try openParquet(bytes)
    var first = 0
    for rowGroup in 0..<file.rowGroupCount {
      let reader = try openRowGroup(bytes, file, rowGroup, columns, verifiesChecksums: true)
      while let count = reader.begin(step) {
        let selection = randomSelection(count, &generator)
        let rows = RowStretches(selection)
        for column in columns.indices {
          let vector: ColumnVector
          let wanted: [Int32]
          switch Int.random(in: 0..<4, using: &generator) {
          case 0: continue
          case 1:
            vector = try reader.column(column)
            wanted = (0..<Int32(count)).map { $0 }
          default:
            vector = try reader.column(column, rows: rows)
            wanted = selection.indices ?? (0..<Int32(count)).map { $0 }
          }
          let texts = try checkedTexts(vector)
          let expected = wanted.map { all[first + Int($0)][column] }
          guard texts == expected else {
            Issue.record("column \(column), rows \(first) to \(first + count): \(wanted)")
            return
          }
        }
        first += count
      }
    }
    #expect(first == all.count)
  }

  /// A few stretches, single rows, most rows or all: one row at least.
  private func randomSelection(_ count: Int, _ generator: inout SplitMix) -> Selection {
    let kind = Int.random(in: 0..<5, using: &generator)
    if kind == 0 { return .all(count) }
    var isSelected = Array(repeating: kind == 1, count: count)
    let stretchCount = kind == 4 ? max(1, count / 200) : max(1, count / 30)
    for _ in 0..<stretchCount {
      let start = Int.random(in: 0..<count, using: &generator)
      let length = Int.random(in: 1...(kind == 2 ? 1 : 40), using: &generator)
      for row in start..<min(count, start + length) { isSelected[row] = kind != 1 }
    }
    if !isSelected.contains(true) { isSelected[0] = true }
    let indices = isSelected.indices.filter { isSelected[$0] }.map { Int32($0) }
    return Selection(rowCount: count, indices: indices)
  }

  /// Where the bytes of each page of the only column lie.
  private func pageBodies(_ written: WrittenFile) throws -> [Range<Int>] {
    let bytes = written.bytes
    let chunk = try openParquet(bytes).metadata.rowGroups[0].columns[0]
    var position = chunk.firstByte
    var bodies: [Range<Int>] = []
    while position < chunk.firstByte + chunk.compressedByteCount {
      let (header, length) = try bytes[position...].withUnsafeBytes { all in
        var reader = ThriftReader(all, fileOffset: position)
        let header = try PageHeader(&reader)
        return (header, reader.position)
      }
      let start = position + length
      bodies.append(start..<start + header.compressedByteCount)
      position = start + header.compressedByteCount
    }
    return bodies
  }
}
