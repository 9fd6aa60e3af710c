import ApusCompression
import ApusValues
import ApusVectors
import Testing

@testable import ApusFormats

/// What is written is read back, however it is laid out, and the statistics tell the truth.
@Suite struct ParquetWriterTests {
  static let types: [SQLType] = [
    .boolean, .tinyint, .smallint, .integer, .bigint, .real, .double,
    .decimal(precision: 5, scale: 2), .decimal(precision: 9, scale: 0),
    .decimal(precision: 18, scale: 4), .decimal(precision: 19, scale: 0),
    .decimal(precision: 27, scale: 9), .decimal(precision: 38, scale: 10), .text,
    .varchar(length: 100), .char(length: 30), .varbinary, .date, .time(precision: 3),
    .time(precision: 6), .timestamp(precision: 0), .timestamp(precision: 3),
    .timestamp(precision: 6), .timestamp(precision: 9),
  ]

  static let compressions: [Compression] = [
    .uncompressed, .snappy, .gzip(), .zstandard(), .lz4Raw, .brotli(),
  ]

  /// Writes random columns of one type in every shape, in batches of uneven sizes.
  private func roundTrip(
    _ type: SQLType,
    rows: Int,
    _ options: ParquetWriterOptions,
    _ generator: inout SplitMix
  ) throws {
    let columns = ColumnShape.allCases.flatMap { shape in
      [0, 30].map { nulls in
        randomColumn(type, shape, count: rows, nulls: nulls, using: &generator)
      }
    }
    let fields = columns.indices.map { Field(name: "c\($0)", type: type) }
    var batches: [Batch] = []
    var first = 0
    while first < rows {
      let count = min(rows - first, Int.random(in: 1...3000, using: &generator))
      let vectors = columns.map {
        makeVector(Array($0[first..<first + count]), type, using: &generator)
      }
      batches.append(Batch(columns: vectors, rowCount: count))
      first += count
    }
    let file = try WrittenFile(fields, batches, options)
    #expect(file.summary.rowCount == rows)
    #expect(file.summary.byteCount == file.bytes.count)
    let result = try file.values()
    for (index, column) in columns.enumerated() {
      let expected = column.map(exactText)
      let actual = result[index].map(exactText)
      #expect(actual == expected, "column \(index) of type \(type)")
      try checkStatistics(file, column: index, column, type)
    }
  }

  /// Compares the bounds of the file's row groups with their values.
  private func checkStatistics(
    _ written: WrittenFile,
    column: Int,
    _ values: [Value],
    _ type: SQLType
  ) throws {
    let file = try openParquet(written.bytes)
    var first = 0
    for rowGroup in 0..<file.rowGroupCount {
      let rows = values[first..<first + file.rowCount(ofRowGroup: rowGroup)]
      first += rows.count
      checkBounds(file.statistics(column: column, rowGroup: rowGroup), rows, type)
    }
    checkBounds(written.summary.columns[column], values[...], type)
  }

  private func checkBounds(_ bounds: ColumnBounds, _ rows: ArraySlice<Value>, _ type: SQLType) {
    #expect(bounds.nullCount == rows.count { $0 == .null })
    #expect(bounds.rowCount == rows.count)
    let values = rows.filter { $0 != .null }
    let hasNaN = values.contains {
      switch $0 {
      case .real(let value): value.isNaN
      case .double(let value): value.isNaN
      default: false
      }
    }
    guard !values.isEmpty, !hasNaN else {
      #expect(bounds.minimum == nil && bounds.maximum == nil)
      return
    }
    let least = values.min { Value.compare($0, $1) < 0 }
    let greatest = values.max { Value.compare($0, $1) < 0 }
    guard let least, let greatest else { return }
    let isLong = isLongString(least) || isLongString(greatest)
    if !isLong || bounds.boundsAreExact {
      #expect(bounds.minimum.map { Value.compare($0, least) } == 0)
      #expect(bounds.maximum.map { Value.compare($0, greatest) } == 0)
    } else {
      #expect(bounds.minimum.map { Value.compare($0, least) <= 0 } ?? true)
      #expect(bounds.maximum.map { Value.compare($0, greatest) >= 0 } ?? true)
    }
  }

  private func isLongString(_ value: Value) -> Bool {
    switch value {
    case .text(let text): text.utf8.count > BoundBytes.greatestByteCount
    case .binary(let bytes): bytes.count > BoundBytes.greatestByteCount
    default: false
    }
  }

  @Test("every type comes back", arguments: types)
  func everyType(_ type: SQLType) throws {
    var generator = SplitMix(seed: 1)
    try roundTrip(type, rows: 3000, ParquetWriterOptions(), &generator)
  }

  @Test("small pages, row groups and dictionaries", arguments: types)
  func smallLimits(_ type: SQLType) throws {
    var generator = SplitMix(seed: 2)
    for _ in 0..<3 {
      let options = ParquetWriterOptions(
        compression: ParquetWriterTests.compressions.randomElement(using: &generator) ?? .snappy,
        rowGroupRowLimit: Int.random(in: 1...1500, using: &generator),
        rowGroupByteLimit: Int.random(in: 1...100_000, using: &generator),
        pageByteLimit: Int.random(in: 1...2000, using: &generator),
        pageRowLimit: Int.random(in: 1...500, using: &generator),
        dictionaryByteLimit: Int.random(in: 0...3000, using: &generator)
      )
      let rows = Int.random(in: 1...2500, using: &generator)
      try roundTrip(type, rows: rows, options, &generator)
    }
  }

  @Test("every compression", arguments: compressions)
  func everyCompression(_ compression: Compression) throws {
    var generator = SplitMix(seed: 3)
    let options = ParquetWriterOptions(compression: compression)
    for type in [SQLType.text, .bigint, .boolean] {
      try roundTrip(type, rows: 3000, options, &generator)
    }
  }

  @Test func noRowsAreAFileWithoutRowGroups() throws {
    let fields = ParquetWriterTests.types.map { Field(name: "\($0)", type: $0) }
    let file = try openParquet(WrittenFile(fields, []).bytes)
    #expect(file.rowCount == 0)
    #expect(file.rowGroupCount == 0)
    #expect(file.fields.map(\.name) == fields.map(\.name))
    #expect(file.createdBy == "apus version \(apusVersion) (build \(apusVersion))")
  }

  @Test("the type in the file is the type in SQL", arguments: types)
  func typeInFile(_ type: SQLType) throws {
    let file = try openParquet(WrittenFile([Field(name: "c", type: type)], []).bytes)
    let expected: SQLType =
      switch type {
      case .varchar, .char: .text
      case .timestamp(let precision): .timestamp(precision: max(3, precision))
      default: type
      }
    #expect(file.fields == [Field(name: "c", type: expected)])
  }

  @Test(
    "types that Parquet lacks",
    arguments: [
      SQLType.unknown, .intervalDayToSecond, .intervalYearToMonth, .timestamp(precision: 12),
      .time(precision: 9),
    ]
  )
  func unsupported(_ type: SQLType) {
    let error = #expect(throws: SQLError.self) {
      try WrittenFile([Field(name: "wing", type: type)], [])
    }
    #expect(error?.code == .notSupported)
    #expect(error?.message == "writing column 'wing' of type \(type) to Parquet is not supported")
  }

  private func batch(_ type: SQLType, _ values: [Value]) -> Batch {
    Batch(columns: [makeFlat(values, type)], rowCount: values.count)
  }

  @Test func nanosecondsMustFit() throws {
    let type = SQLType.timestamp(precision: 9)
    let error = #expect(throws: SQLError.self) {
      try WrittenFile(
        [Field(name: "c", type: type)],
        [batch(type, [.wide(Int128(Int64.max) * 1000 + 1000)])]
      )
    }
    #expect(error?.code == .numericValueOutOfRange)
  }

  @Test func digitsBelowTheUnitAreCutDownwards() throws {
    let milliseconds = SQLType.timestamp(precision: 3)
    let file = try WrittenFile(
      [Field(name: "c", type: milliseconds)],
      [batch(milliseconds, [.integer(1_999), .integer(-1)])]
    )
    #expect(try file.values() == [[.integer(1_000), .integer(-1_000)]])
    let nanoseconds = SQLType.timestamp(precision: 9)
    let fine = try WrittenFile(
      [Field(name: "c", type: nanoseconds)],
      [batch(nanoseconds, [.wide(1_999), .wide(-1)])]
    )
    #expect(try fine.values() == [[.wide(1_000), .wide(-1_000)]])
  }

  @Test func aDictionaryIsKeptWhereItPays() throws {
    let field = Field(name: "c", type: .bigint)
    func encodings(_ values: [Value], _ options: ParquetWriterOptions) throws -> [Int] {
      try WrittenFile([field], [batch(.bigint, values)], options)
        .pageHeaders(column: 0).map(\.encodingNumber)
    }
    let options = ParquetWriterOptions(pageRowLimit: 1000, dictionaryByteLimit: 8 * 1500)
    let plain = ParquetEncoding.plain.rawValue
    let dictionary = ParquetEncoding.plainDictionary.rawValue
    // Few values: the dictionary page and three data pages of indices.
    let few = (0..<3000).map { Value.integer($0 % 7) }
    #expect(try encodings(few, options) == [dictionary, dictionary, dictionary, dictionary])
    // No two alike: no dictionary at all.
    let distinct = (0..<3000).map { Value.integer($0) }
    #expect(try encodings(distinct, options) == [plain, plain, plain])
    // More and more: a dictionary until it is too large. It is looked at after each step.
    let growing = (0..<1000).map { Value.integer($0 % 7) } + distinct
    #expect(
      try encodings(growing, options) == [dictionary, dictionary, dictionary, dictionary, plain]
    )
    #expect(
      try encodings(few, ParquetWriterOptions(dictionaryByteLimit: 0)) == [plain]
    )
  }

  @Test func stringsFillPagesByTheirBytes() throws {
    let field = Field(name: "c", type: .text)
    let values = (0..<100).map { Value.text("\($0)" + String(repeating: "x", count: 1000)) }
    let options = ParquetWriterOptions(
      compression: .uncompressed,
      pageByteLimit: 10_000,
      dictionaryByteLimit: 0
    )
    let file = try WrittenFile([field], [batch(.text, values)], options)
    let headers = try file.pageHeaders(column: 0)
    #expect(headers.allSatisfy { $0.byteCount <= 10_100 })
    #expect(headers.count <= 20)
    #expect(try file.values() == [values])
  }

  @Test func rowGroupsEndAtTheirLimits() throws {
    let field = Field(name: "c", type: .bigint)
    let values = (0..<10_000).map { Value.integer($0 &* 0x1e37_79b9_7f4a_7c15) }
    let byRows = try openParquet(
      WrittenFile(
        [field],
        [batch(.bigint, values)],
        ParquetWriterOptions(rowGroupRowLimit: 3000)
      ).bytes
    )
    #expect(
      (0..<byRows.rowGroupCount).map { byRows.rowCount(ofRowGroup: $0) } == [
        3000, 3000, 3000, 1000,
      ]
    )
    let pieces = stride(from: 0, to: 10_000, by: 1000).map {
      batch(.bigint, Array(values[$0..<$0 + 1000]))
    }
    let byBytes = try openParquet(
      WrittenFile([field], pieces, ParquetWriterOptions(rowGroupByteLimit: 16_000)).bytes
    )
    #expect(
      (0..<byBytes.rowGroupCount).map { byBytes.rowCount(ofRowGroup: $0) }
        == Array(repeating: 2000, count: 5)
    )
  }

  @Test func bufferedBytesAreCounted() throws {
    let field = Field(name: "c", type: .text)
    var written = 0
    let writer = try ParquetWriter(
      fields: [field],
      options: ParquetWriterOptions(compression: .uncompressed, rowGroupByteLimit: 4_000_000)
    ) { written += $0.count }
    let idle = writer.bufferedByteCount
    var appended = 0
    for step in 0..<30 {
      let values = (0..<100).map {
        Value.text("\(step) \($0)" + String(repeating: "x", count: 990))
      }
      try writer.append(batch(.text, values))
      appended += 100 * 990
      if written == 0 { #expect(writer.bufferedByteCount > appended) }
      #expect(writer.bufferedByteCount < idle + 20_000_000)
    }
    #expect(written == 0)
    let before = writer.bufferedByteCount
    for _ in 0..<20 {
      try writer.append(
        batch(.text, (0..<100).map { Value.text("\($0)" + String(repeating: "y", count: 990)) })
      )
    }
    #expect(written > 3_000_000)
    #expect(writer.bufferedByteCount < before)
    _ = try writer.finish()
  }

  @Test func aFlushedWriterHoldsLittle() throws {
    var generator = SplitMix(seed: 4)
    let types = ParquetWriterTests.types
    let fields = types.enumerated().map { Field(name: "c\($0)", type: $1) }
    let output = CollectedBytes()
    let options = ParquetWriterOptions(compression: .zstandard())
    let writer = try ParquetWriter(fields: fields, options: options) { output.bytes += $0 }
    let idle = writer.bufferedByteCount
    try writer.flushRowGroup()
    #expect(output.bytes.isEmpty)
    let columns = types.map { type in
      randomColumn(type, .allDistinct, count: 5000, nulls: 0, using: &generator)
    }
    for _ in 0..<2 {
      let vectors = zip(columns, types).map { makeVector($0, $1, using: &generator) }
      try writer.append(Batch(columns: vectors, rowCount: 5000))
      #expect(writer.bufferedByteCount > idle + 1_000_000)
      try writer.flushRowGroup()
      #expect(writer.bufferedByteCount < idle + 100_000)
    }
    _ = try writer.finish()
    #expect(try openParquet(output.bytes).rowGroupCount == 2)
  }

  @Test func errorsOfTheOutputPassUnchanged() throws {
    let field = Field(name: "c", type: .bigint)
    let values = batch(.bigint, (0..<5000).map { .integer($0) })
    let options = ParquetWriterOptions(rowGroupRowLimit: 1000, pageRowLimit: 300)
    let full = try WrittenFile([field], [values], options)
    var failing = 0
    while true {
      var calls = 0
      do {
        let writer = try ParquetWriter(fields: [field], options: options) {
          _ throws(SQLError) in
          defer { calls += 1 }
          if calls == failing { throw SQLError(.hiveWriterDataError, "the disk is full") }
        }
        try writer.append(values)
        _ = try writer.finish()
        break
      } catch {
        #expect(error.code == .hiveWriterDataError)
        #expect(error.message == "the disk is full")
      }
      // Nothing is written after an error.
      #expect(calls == failing + 1)
      failing += 1
    }
    // One call for each page, index and part of the frame at the least.
    #expect(failing > full.summary.rowCount / 300)
  }

  @Test func zerosAreBoundsOfBothSigns() throws {
    for zeros in [[-0.0], [0.0]] {
      let file = try WrittenFile(
        [Field(name: "c", type: .double)],
        [batch(.double, zeros.map { .double($0) })]
      )
      let bounds = try openParquet(file.bytes).statistics(column: 0, rowGroup: 0)
      #expect(bounds.minimum.map(exactText) == exactText(.double(-0.0)))
      #expect(bounds.maximum.map(exactText) == exactText(.double(0.0)))
    }
  }

  @Test func longBoundsAreCut() {
    func cut(_ text: String, isUpper: Bool) -> String? {
      BoundBytes(.bytes(Array(text.utf8)), form: .string, isUpper: isUpper, isText: true)
        .map { String(decoding: $0.bytes, as: UTF8.self) }
    }
    let long = String(repeating: "a", count: 65)
    #expect(cut(String(long.dropLast()), isUpper: true) == String(long.dropLast()))
    #expect(cut(long, isUpper: false) == String(long.dropLast()))
    #expect(cut(long, isUpper: true) == String(repeating: "a", count: 63) + "b")
    // A character across the limit goes as a whole; one that has no next gives way to the last.
    let wide = String(repeating: "a", count: 63) + "üü"
    #expect(cut(wide, isUpper: false) == String(repeating: "a", count: 63))
    #expect(cut(wide, isUpper: true) == String(repeating: "a", count: 62) + "b")
    let last = String(repeating: "a", count: 60) + "\u{10ffff}xyz"
    #expect(cut(last, isUpper: true) == String(repeating: "a", count: 59) + "b")
    let surrogate = String(repeating: "a", count: 61) + "\u{d7ff}xyz"
    #expect(cut(surrogate, isUpper: true) == String(repeating: "a", count: 61) + "\u{e000}")
    #expect(cut(String(repeating: "\u{10ffff}", count: 17), isUpper: true) == nil)
    let bytes = [UInt8](repeating: 255, count: 70)
    #expect(BoundBytes(.bytes(bytes), form: .string, isUpper: true, isText: false) == nil)
    let some = [1] + bytes
    let greater = BoundBytes(.bytes(some), form: .string, isUpper: true, isText: false)
    #expect(greater?.bytes == [2])
    #expect(greater?.isExact == false)
  }
}
