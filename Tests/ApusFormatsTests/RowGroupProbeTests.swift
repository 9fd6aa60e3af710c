import ApusValues
import ApusVectors
import Glibc
import Testing

@testable import ApusFormats

/// Rows that page indexes and dictionaries leave out are such as meet no domain; all others come.
@Suite struct RowGroupProbeTests {
  /// What a probed row group gave: rows as values, and how many were left out.
  private struct Probed {
    var rows: [[Value]] = []
    var prunedCount = 0
    var readByteCount = 0
  }

  /// Reads what a probe leaves of a file. Bytes that nobody asked for are garbage.
  private func read(
    _ bytes: [UInt8],
    _ domains: [Int: ColumnDomain],
    gap: Int = 0,
    step: Int = 150
  ) throws -> Probed {
    let file = try openParquet(bytes)
    let columns = Array(file.fields.indices)
    var result = Probed()
    for rowGroup in 0..<file.rowGroupCount {
      guard file.mayMatch(rowGroup: rowGroup, domains: domains) else { continue }
      let findings = try RowGroupProbe(
        file,
        rowGroup: rowGroup,
        columns: columns,
        domains: domains,
        greatestGap: gap
      ).map { probe in
        try probe.findings(probe.ranges.map { copy(bytes, $0) })
      }
      let kept = findings?.rows.count ?? file.rowCount(ofRowGroup: rowGroup)
      result.prunedCount += file.rowCount(ofRowGroup: rowGroup) - kept
      if findings?.rows.isEmpty == true { continue }
      let plan = try RowGroupPlan(
        file,
        rowGroup: rowGroup,
        columns: columns,
        findings: findings,
        greatestGap: gap
      )
      result.readByteCount += plan.byteCount
      let buffers = RowGroupReader.makeBuffers(for: plan)
      for buffer in buffers { memset(buffer.base, 0xa5, buffer.byteCount) }
      for range in plan.reads {
        let (index, offset) = plan.place(of: range)
        bytes[range].withUnsafeBytes { source in
          guard let base = source.baseAddress else { return }
          (buffers[index].base + offset).copyMemory(from: base, byteCount: range.count)
        }
      }
      let reader = try RowGroupReader(plan, buffers: buffers)
      #expect(reader.rowCount == kept)
      var count = 0
      while let (vectors, rowCount) = try reader.next(step) {
        for row in 0..<rowCount { result.rows.append(vectors.map { $0.value(row) }) }
        count += rowCount
      }
      #expect(count == kept)
    }
    return result
  }

  private func copy(_ bytes: [UInt8], _ range: Range<Int>) -> VectorBuffer {
    let buffer = RowGroupReader.makeBuffer(for: range)
    bytes[range].withUnsafeBytes { source in
      guard let base = source.baseAddress else { return }
      buffer.base.copyMemory(from: base, byteCount: range.count)
    }
    return buffer
  }

  private func meets(_ row: [Value], _ domains: [Int: ColumnDomain]) -> Bool {
    domains.allSatisfy { $1.contains(row[$0]) }
  }

  private func text(_ row: [Value]) -> String {
    row.map { exactText($0) }.joined(separator: ",")
  }

  /// Some values, a range, or a few of each, from what a column has.
  private func randomDomain(
    _ type: SQLType,
    _ values: [Value],
    _ generator: inout SplitMix
  ) -> ColumnDomain {
    let known = values.filter { !$0.isNull && !isNaN($0) }
    func some() -> Value? { known.randomElement(using: &generator) }
    var ranges: [ColumnDomain.Range] = []
    let isExact = Bool.random(using: &generator)
    for _ in 0..<Int.random(in: 0...3, using: &generator) {
      guard let value = some(), let other = some() else { continue }
      if isExact {
        ranges.append(.exactly(value))
        continue
      }
      let isOrdered = Value.compare(value, other) <= 0
      let bounds: [(Value?, Value?)] = [
        (isOrdered ? value : other, isOrdered ? other : value), (nil, value), (value, nil),
      ]
      let (lower, upper) = bounds[Int.random(in: 0..<3, using: &generator)]
      ranges.append(
        ColumnDomain.Range(
          lower: lower,
          lowerIsInclusive: Bool.random(using: &generator),
          upper: upper,
          upperIsInclusive: Bool.random(using: &generator)
        )
      )
    }
    return ColumnDomain(
      type: type,
      allowsNull: Int.random(in: 0..<4, using: &generator) == 0,
      ranges: ranges
    )
  }

  private func isNaN(_ value: Value) -> Bool {
    switch value {
    case .real(let number): number.isNaN
    case .double(let number): number.isNaN
    default: false
    }
  }

  @Test(arguments: ParquetWriterTests.types)
  func rowsThatMeetRandomDomainsAllCome(_ type: SQLType) throws {
    var generator = SplitMix(seed: 21)
    let rowCount = 2500
    var columns = ColumnShape.allCases.flatMap { shape in
      [0, 30].map { randomColumn(type, shape, count: rowCount, nulls: $0, using: &generator) }
    }
    // In order, so that pages can be told apart.
    columns += columns.map { column in
      column.sorted { left, right in
        if left.isNull || right.isNull { return !left.isNull }
        return Value.compare(left, right) < 0
      }
    }
    let fields = columns.indices.map { Field(name: "c\($0)", type: type) }
    let batch = Batch(columns: columns.map { makeFlat($0, type) }, rowCount: rowCount)
    var prunedCount = 0
    for dictionaryByteLimit in [0, 600, 1 << 20] {
      let options = ParquetWriterOptions(
        rowGroupRowLimit: 1600,
        pageRowLimit: 90,
        dictionaryByteLimit: dictionaryByteLimit
      )
      let written = try WrittenFile(fields, [batch], options)
      let file = try openParquet(written.bytes)
      let values = try written.values()
      let rows = (0..<rowCount).map { row in values.map { $0[row] } }
      for trial in 0..<25 {
        var domains: [Int: ColumnDomain] = [:]
        for _ in 0...Int.random(in: 0...1, using: &generator) {
          let column = Int.random(in: columns.indices, using: &generator)
          domains[column] = randomDomain(file.fields[column].type, values[column], &generator)
        }
        let probed = try read(written.bytes, domains, gap: trial % 2 * 1000)
        let expected = rows.filter { meets($0, domains) }.map { text($0) }
        let actual = probed.rows.filter { meets($0, domains) }.map { text($0) }
        guard actual == expected else {
          Issue.record("\(domains): \(actual.count) rows instead of \(expected.count)")
          return
        }
        prunedCount += probed.prunedCount
      }
    }
    #expect(prunedCount > 0)
  }

  private func ascending(dictionary: Int = 0) throws -> WrittenFile {
    let rowCount = 1000
    let fields = [Field(name: "n", type: .bigint), Field(name: "t", type: .text)]
    let numbers = (0..<rowCount).map { Value.integer(Int64($0)) }
    let texts = (0..<rowCount).map { Value.text("a text of row \($0), which is long") }
    let batch = Batch(
      columns: [makeFlat(numbers, .bigint), makeFlat(texts, .text)],
      rowCount: rowCount
    )
    let options = ParquetWriterOptions(pageRowLimit: 100, dictionaryByteLimit: dictionary)
    return try WrittenFile(fields, [batch], options)
  }

  private func between(_ lower: Int64, _ upper: Int64) -> ColumnDomain {
    ColumnDomain(
      type: .bigint,
      allowsNull: false,
      ranges: [.init(lower: .integer(lower), upper: .integer(upper))]
    )
  }

  @Test func onlyPagesWithSuchRowsAreRead() throws {
    let bytes = try ascending().bytes
    let all = try read(bytes, [:])
    let some = try read(bytes, [0: between(250, 310)])
    #expect(some.rows.map { $0[0] } == (200..<400).map { .integer(Int64($0)) })
    #expect(some.readByteCount * 4 < all.readByteCount)
  }

  @Test func aValueThatIsNotInTheDictionaryRulesAllOut() throws {
    let values = (0..<1000).map { Value.integer(Int64($0 % 10 * 2)) }
    let batch = Batch(columns: [makeFlat(values, .bigint)], rowCount: 1000)
    let bytes = try WrittenFile([Field(name: "n", type: .bigint)], [batch]).bytes
    #expect(try read(bytes, [0: between(5, 5)]).rows.isEmpty)
    #expect(try read(bytes, [0: between(6, 6)]).rows.count == 1000)
  }

  /// An offset index that was changed is not used, is found out, or says nothing of the rows read.
  @Test func changedOffsetIndexesAreAnErrorOrTheRightRows() throws {
    let bytes = try ascending().bytes
    let domain = between(250, 310)
    let right = try read(bytes, [0: domain]).rows.filter { domain.contains($0[0]) }
    #expect(right.count == 61)
    let chunks = try openParquet(bytes).metadata.rowGroups[0].columns
    var errors = 0
    for chunk in chunks {
      let range = try #require(chunk.offsetIndex)
      for offset in range {
        for bit in 0..<8 {
          var copy = bytes
          copy[offset] ^= 1 << UInt8(bit)
          do {
            let rows = try read(copy, [0: domain]).rows.filter { domain.contains($0[0]) }
            if rows != right { Issue.record("bit \(bit) of byte \(offset) changed rows silently") }
          } catch is FormatError {
            errors += 1
          }
        }
      }
    }
    #expect(errors > 0)
  }

  /// Bounds that were changed may rule out what they should not, like those of a footer.
  @Test func changedColumnIndexesDoNotCrash() throws {
    let bytes = try ascending().bytes
    let range = try #require(try openParquet(bytes).metadata.rowGroups[0].columns[0].columnIndex)
    for offset in range {
      for change in [0x00, 0xff, bytes[offset] ^ 0x80, bytes[offset] ^ 1] {
        var copy = bytes
        copy[offset] = change
        do {
          for row in try read(copy, [0: between(250, 310)]).rows {
            guard case .integer(let number) = row[0] else { continue }
            #expect(row[1] == .text("a text of row \(number), which is long"))
          }
        } catch is FormatError {
          continue
        }
      }
    }
  }

  @Test func rowRangesMeet() {
    let left = RowRanges([0..<10, 20..<30, 30..<40])
    #expect(left.ranges == [0..<10, 20..<40])
    #expect(left.intersection(RowRanges([5..<25, 39..<50])).ranges == [5..<10, 20..<25, 39..<40])
    #expect(left.intersection(RowRanges([])).isEmpty)
    #expect(left.overlaps(9..<20))
    #expect(!left.overlaps(10..<20))
    #expect(!left.overlaps(40..<50))
    #expect(!left.overlaps(25..<25))
  }

  @Test func xxHash64GivesPublishedHashes() {
    func hash(_ text: String) -> UInt64 {
      Array(text.utf8).withUnsafeBytes { XXHash64.hash($0) }
    }
    #expect(hash("") == 0xef46_db37_51d8_e999)
    #expect(hash("abc") == 0x44bc_2cf5_ad77_0999)
    #expect(hash("Nobody inspects the spammish repetition") == 0xfbce_a83c_8a37_8bf1)
  }
}
