import ApusValues
import ApusVectors
import Testing

@testable import ApusFormats

/// Bounds are trusted only where they can be, and nothing is pruned that may match.
@Suite struct StatisticsTests {
  private func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  private func bounds(
    _ statistics: ChunkStatistics,
    _ conversion: ValueConversion,
    _ type: SQLType,
    rows: Int = 10
  ) -> ColumnBounds {
    var chunk = ColumnChunk()
    chunk.valueCount = rows
    chunk.statistics = statistics
    return ColumnBounds(chunk, conversion: conversion, type: type)
  }

  private func between(_ lower: Value?, _ upper: Value?, _ type: SQLType) -> ColumnDomain {
    ColumnDomain(type: type, allowsNull: false, ranges: [.init(lower: lower, upper: upper)])
  }

  @Test func integers() {
    let bounds = bounds(
      ChunkStatistics(
        nullCount: 2,
        maximum: littleEndian(Int32(9)),
        minimum: littleEndian(Int32(-3))
      ),
      .copy32,
      .integer
    )
    #expect(bounds.minimum == .integer(-3))
    #expect(bounds.maximum == .integer(9))
    #expect(bounds.nullCount == 2)
    #expect(bounds.boundsAreExact)
    #expect(bounds.mayMatch(between(.integer(9), nil, .integer), columnType: .integer))
    #expect(!bounds.mayMatch(between(.integer(10), nil, .integer), columnType: .integer))
    #expect(!bounds.mayMatch(between(.integer(10), nil, .bigint), columnType: .integer))
    let null = ColumnDomain(type: .integer, allowsNull: true, ranges: [])
    #expect(bounds.mayMatch(null, columnType: .integer))
    let never = ColumnDomain(type: .integer, allowsNull: false, ranges: [])
    #expect(!bounds.mayMatch(never, columnType: .integer))
  }

  @Test func nullCounts() {
    let none = bounds(ChunkStatistics(nullCount: 0), .copy32, .integer)
    let all = bounds(ChunkStatistics(nullCount: 10), .copy32, .integer)
    let unknown = bounds(ChunkStatistics(), .copy32, .integer)
    let null = ColumnDomain(type: .integer, allowsNull: true, ranges: [])
    let value = between(nil, nil, .integer)
    #expect(!none.mayMatch(null, columnType: .integer))
    #expect(all.mayMatch(null, columnType: .integer))
    #expect(unknown.mayMatch(null, columnType: .integer))
    #expect(none.mayMatch(value, columnType: .integer))
    #expect(!all.mayMatch(value, columnType: .integer))
    #expect(unknown.mayMatch(value, columnType: .integer))
    // A count that cannot be is none.
    #expect(bounds(ChunkStatistics(nullCount: 11), .copy32, .integer).nullCount == nil)
    #expect(bounds(ChunkStatistics(nullCount: -1), .copy32, .integer).nullCount == nil)
  }

  @Test func oldBoundsCountForSignedNumbersOnly() {
    let old = ChunkStatistics(
      deprecatedMaximum: littleEndian(Int32(9)),
      deprecatedMinimum: littleEndian(Int32(1))
    )
    #expect(bounds(old, .copy32, .integer).maximum == .integer(9))
    #expect(bounds(old, .uint32ToInt64, .bigint).maximum == nil)
    let text = ChunkStatistics(
      deprecatedMaximum: Array("b".utf8),
      deprecatedMinimum: Array("a".utf8)
    )
    #expect(bounds(text, .string, .text).minimum == nil)
  }

  @Test func floatingPoint() {
    let nan = ChunkStatistics(
      maximum: littleEndian(Double.nan.bitPattern),
      minimum: littleEndian((1.0).bitPattern)
    )
    #expect(bounds(nan, .copy64, .double).maximum == nil)
    let numbers = bounds(
      ChunkStatistics(
        maximum: littleEndian((5.0).bitPattern),
        minimum: littleEndian((5.0).bitPattern)
      ),
      .copy64,
      .double
    )
    #expect(!numbers.boundsAreExact)
    #expect(!numbers.mayMatch(between(.double(6), nil, .double), columnType: .double))
    // A NaN may hide among the fives, and it is not 5.
    let notFive = ColumnDomain(
      type: .double,
      allowsNull: false,
      ranges: [
        .init(lower: nil, upper: .double(5), upperIsInclusive: false),
        .init(lower: .double(5), lowerIsInclusive: false, upper: nil),
      ]
    )
    #expect(numbers.mayMatch(notFive, columnType: .double))
    let zeros = bounds(
      ChunkStatistics(
        maximum: littleEndian((-0.0).bitPattern),
        minimum: littleEndian((-0.0).bitPattern)
      ),
      .copy64,
      .double
    )
    #expect(zeros.mayMatch(between(.double(0), .double(0), .double), columnType: .double))
    // A real against a predicate on doubles.
    let real = bounds(
      ChunkStatistics(
        maximum: littleEndian(Float(1.5).bitPattern),
        minimum: littleEndian(Float(0.5).bitPattern)
      ),
      .copy32,
      .real
    )
    #expect(!real.mayMatch(between(.double(1.6), nil, .double), columnType: .real))
    #expect(real.mayMatch(between(.double(1.5), nil, .double), columnType: .real))
  }

  @Test func textThatIsCut() {
    // "né" cut in the middle of é.
    let cut = bounds(
      ChunkStatistics(maximum: [0x6e, 0xc3], minimum: [0x6e, 0xc3]),
      .string,
      .text
    )
    #expect(cut.minimum == .text("n"))
    #expect(cut.maximum == nil)
    #expect(cut.mayMatch(between(.text("né"), .text("né"), .text), columnType: .text))
    var exact = ChunkStatistics(maximum: Array("b".utf8), minimum: Array("a".utf8))
    #expect(!bounds(exact, .string, .text).boundsAreExact)
    exact.maximumIsExact = true
    exact.minimumIsExact = true
    #expect(bounds(exact, .string, .text).boundsAreExact)
  }

  @Test func nonsenseIsNoBound() {
    let crossed = ChunkStatistics(maximum: littleEndian(Int32(1)), minimum: littleEndian(Int32(2)))
    #expect(bounds(crossed, .copy32, .integer).minimum == nil)
    let short = ChunkStatistics(maximum: [1], minimum: [0])
    #expect(bounds(short, .copy32, .integer).minimum == nil)
    #expect(bounds(short, .int96ToInt128, .timestamp(precision: 9)).minimum == nil)
  }

  @Test func millisecondsBecomeMicroseconds() {
    let bounds = bounds(
      ChunkStatistics(maximum: littleEndian(Int64.max), minimum: littleEndian(Int64(7))),
      .int64MillisecondsToInt64,
      .timestamp(precision: 3)
    )
    #expect(bounds.minimum == .integer(7000))
    #expect(bounds.maximum == nil)
  }

  @Test func piecesMerge() {
    let some = ColumnBounds(
      minimum: .integer(1),
      maximum: .integer(5),
      boundsAreExact: true,
      nullCount: 1,
      rowCount: 10
    )
    let none = ColumnBounds(nullCount: 4, rowCount: 4)
    let unknown = ColumnBounds(rowCount: 3)
    let merged = some.merged(with: none)
    #expect(merged.minimum == .integer(1) && merged.maximum == .integer(5))
    #expect(merged.nullCount == 5 && merged.rowCount == 14 && merged.boundsAreExact)
    #expect(some.merged(with: unknown).maximum == nil)
    #expect(some.merged(with: unknown).nullCount == nil)
  }

  /// Bounds of whole golden files are those of their rows.
  @Test func goldenFilesKeepTheirBounds() throws {
    let bytes = try GoldenFile.bytes(of: "runs.parquet")
    let file = try openParquet(bytes)
    let long = file.statistics(column: 0)
    #expect(long.minimum == .integer(0) && long.maximum == .integer(5) && long.nullCount == 0)
    let allNull = file.statistics(column: 3)
    #expect(allNull.isAllNull && allNull.minimum == nil)
    #expect(file.statistics(column: 4).nullCount == 1)
    #expect(file.rowCount == 3000 && file.rowGroupCount == 2)
  }
}
