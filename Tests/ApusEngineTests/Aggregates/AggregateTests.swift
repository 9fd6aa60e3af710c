import ApusPlanner
import ApusValues
import ApusVectors
import Testing

@testable import ApusEngine

@Suite struct AggregateTests {
  private func integers(_ values: Int64?...) -> [Value] {
    values.map { $0.map { .integer($0) } ?? .null }
  }

  private func doubles(_ values: Double?...) -> [Value] {
    values.map { $0.map { .double($0) } ?? .null }
  }

  private func texts(_ values: String?...) -> [Value] {
    values.map { $0.map { .text($0) } ?? .null }
  }

  private func decimalType(_ precision: Int, _ scale: Int) -> SQLType {
    .decimal(precision: precision, scale: scale)
  }

  @Test func countsSumsAndAverages() throws {
    let values = (integers(1, nil, 3), SQLType.bigint)
    #expect(try aggregate("count") == "3")
    #expect(try aggregate("count", values) == "2")
    #expect(try aggregate("sum", values) == "4")
    #expect(try aggregate("avg", values) == "2.0")
    #expect(try aggregate("sum", ([], .bigint)) == "NULL")
    #expect(try aggregate("avg", (integers(nil, nil), .bigint)) == "NULL")
    #expect(try aggregate("count", ([], .bigint)) == "0")
    #expect(try aggregate("sum", (integers(127, 127), .tinyint)) == "254")
    #expect(try aggregate("sum", (integers(150, 250), decimalType(5, 2))) == "4.00")
    #expect(try aggregate("avg", (integers(100, 101), decimalType(5, 2))) == "1.01")
    #expect(try aggregate("avg", (integers(-100, -101), decimalType(5, 2))) == "-1.01")
    #expect(try aggregate("sum", ([.wide(150), .wide(-50)], decimalType(30, 2))) == "1.00")
    #expect(try aggregate("sum", (doubles(0.5, nil, 0.25), .double)) == "0.75")
    #expect(try aggregate("sum", ([.real(0.5), .real(2)], .real)) == "2.5")
    #expect(try aggregate("sum", (doubles(1, .nan), .double)) == "NaN")
    #expect(try aggregate("sum", (integers(1000, 2500), .intervalDayToSecond)) == "0 00:00:03.500")
    #expect(try aggregate("count_if", ([.boolean(true), .null, .boolean(false)], .boolean)) == "1")
  }

  @Test func sumsOverflowOnlyInTheEnd() throws {
    #expect(throws: SQLError.self) { try aggregate("sum", (integers(.max, 1), .bigint)) }
    #expect(try aggregate("sum", (integers(.max, 1, -5), .bigint)) == "9223372036854775803")
    #expect(try aggregate("avg", (integers(.max, .max), .bigint)) == "9.223372036854776E18")
    let huge = PowersOfTen.wide[38] - 1
    #expect(throws: SQLError.self) {
      try aggregate("sum", ([.wide(huge), .wide(1)], decimalType(38, 0)))
    }
    #expect(
      try aggregate("sum", ([.wide(huge), .wide(-1)], decimalType(38, 0)))
        == "99999999999999999999999999999999999998"
    )
  }

  @Test func extremes() throws {
    #expect(try aggregate("min", (integers(3, nil, -1), .integer)) == "-1")
    #expect(try aggregate("max", (integers(3, nil, -1), .integer)) == "3")
    #expect(try aggregate("max", (doubles(.nan, 1, 2), .double)) == "2.0")
    #expect(try aggregate("min", (doubles(.nan, 1, 2), .double)) == "1.0")
    #expect(try aggregate("min", (doubles(.nan), .double)) == "NaN")
    #expect(
      try aggregate("min", (texts("b", "a much longer string", nil), .text))
        == "a much longer string"
    )
    #expect(try aggregate("max", (texts("b", "a", "bb"), .text)) == "bb")
    #expect(try aggregate("max", ([], .text)) == "NULL")
    #expect(try aggregate("max", ([.boolean(false), .boolean(true)], .boolean)) == "true")
    #expect(try aggregate("max", (integers(0, 1), .date)) == "1970-01-02")
    #expect(try aggregate("bool_and", ([.boolean(false), .boolean(true)], .boolean)) == "false")
    #expect(try aggregate("every", ([.boolean(true), .null], .boolean)) == "true")
    #expect(try aggregate("bool_or", ([.boolean(false), .boolean(true)], .boolean)) == "true")
    #expect(
      try aggregate("min_by", (texts("x", nil, "z"), .text), (integers(3, 1, 2), .bigint)) == "NULL"
    )
    #expect(
      try aggregate("max_by", (texts("x", "y", "z"), .text), (integers(3, nil, 2), .bigint)) == "x"
    )
    #expect(
      try aggregate("min_by", (integers(1, 2, 3), .bigint), (texts("b", "a", "c"), .text)) == "2"
    )
    #expect(try aggregate("any_value", (texts(nil, "y"), .text)) == "y")
    #expect(try aggregate("arbitrary", (texts(nil), .text)) == "NULL")
    #expect(try aggregate("bitwise_and_agg", (integers(12, 10), .bigint)) == "8")
    #expect(try aggregate("bitwise_or_agg", (integers(12, 10), .bigint)) == "14")
  }

  @Test func statistics() throws {
    let values = (doubles(2, 4, 4, 4, 5, 5, 7, 9, nil), SQLType.double)
    #expect(try aggregate("stddev_pop", values) == "2.0")
    #expect(try aggregate("var_pop", values) == "4.0")
    #expect(try aggregate("variance", values) == "4.571428571428571")
    #expect(try aggregate("stddev", (doubles(1), .double)) == "NULL")
    #expect(try aggregate("var_pop", (doubles(1), .double)) == "0.0")
    // Sums of squares would lose these digits.
    #expect(
      try aggregate("var_samp", (doubles(1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16), .double)) == "30.0"
    )
    let x = (doubles(1, 2, 3, nil), SQLType.double)
    let y = (doubles(2, 4, 6, 1), SQLType.double)
    #expect(try aggregate("corr", y, x) == "1.0")
    #expect(try aggregate("covar_samp", y, x) == "2.0")
    #expect(try aggregate("covar_pop", y, x) == "1.3333333333333333")
    #expect(try aggregate("regr_slope", y, x) == "2.0")
    #expect(try aggregate("regr_intercept", y, x) == "0.0")
    #expect(try aggregate("geometric_mean", (doubles(1, 100), .double)) == "10.000000000000002")
  }

  @Test func approximations() throws {
    let many = (0..<50_000).map { Value.integer(Int64($0 % 20_000)) }
    let distinct = try #require(Double(try aggregate("approx_distinct", (many, .bigint))))
    #expect((distinct - 20_000).magnitude < 20_000 * 0.07)
    #expect(try aggregate("approx_distinct", (texts("a", "b", "a", nil), .text)) == "2")
    #expect(try aggregate("approx_distinct", ([], .text)) == "0")
    #expect(
      try aggregate("approx_distinct", (doubles(0, -0.0, .nan, .nan), .double)) == "2"
    )
    let precise = try #require(
      Double(
        try aggregate(
          "approx_distinct",
          (many, .bigint),
          (many.map { _ in .double(0.005) }, .double)
        )
      )
    )
    #expect((precise - 20_000).magnitude < 20_000 * 0.02)
    #expect(throws: SQLError.self) {
      try aggregate("approx_distinct", (integers(1), .bigint), (doubles(0.5), .double))
    }
    let half = { (count: Int) in Array(repeating: Value.double(0.5), count: count) }
    #expect(
      try aggregate("approx_percentile", (integers(5, 1, 4, 2, 3), .bigint), (half(5), .double))
        == "3"
    )
    let shuffled = (0..<50_000).map { Value.double(Double($0 * 7919 % 50_000)) }
    for part in [0.01, 0.25, 0.5, 0.99] {
      let parts = shuffled.map { _ in Value.double(part) }
      let value = try #require(
        Double(try aggregate("approx_percentile", (shuffled, .double), (parts, .double)))
      )
      #expect((value - part * 50_000).magnitude < 50_000 * 0.01, "\(part): \(value)")
    }
    #expect(
      try aggregate(
        "approx_percentile",
        (integers(1, 2), .bigint),
        (doubles(1, 9), .double),
        (half(2), .double)
      ) == "2"
    )
    #expect(throws: SQLError.self) {
      try aggregate("approx_percentile", (doubles(1), .double), (doubles(2), .double))
    }
  }

  @Test func lawsHold() throws {
    var generator = SeededGenerator(seed: 17)
    let numeric: [SQLType] = [
      .tinyint, .smallint, .integer, .real, .double, decimalType(9, 2), decimalType(20, 2),
    ]
    let all =
      numeric + [.bigint, .boolean, .text, .varbinary, .date, .timestamp(precision: 9)]
    for type in numeric {
      var values = randomValues(of: type, count: 60, using: &generator)
      if type == decimalType(20, 2) {
        values = values.map { $0 == .wide(PowersOfTen.wide[20] - 1) ? .wide(7) : $0 }
      }
      for name in ["sum", "avg", "min", "max", "count"] {
        try checkLaws(name, [(values, type)])
      }
    }
    for type in all {
      let values = randomValues(of: type, count: 60, using: &generator)
      let keys = (0..<60).map { Value.integer(Int64($0 * 37 % 61)) }
      for name in ["min", "max", "count", "approx_distinct"] {
        try checkLaws(name, [(values, type)])
      }
      try checkLaws("min_by", [(values, type), (keys, .bigint)])
      try checkLaws("max_by", [(values, type), (keys, .bigint)])
    }
    let x = (0..<60).map { Value.double(Double($0 * 31 % 17)) }
    let y = (0..<60).map { $0 % 9 == 0 ? Value.null : .double(Double($0 * 13 % 23)) }
    for name in ["variance", "stddev_pop", "geometric_mean"] {
      try checkLaws(name, [(x.map { $0 == .double(0) ? .double(1) : $0 }, .double)])
    }
    for name in ["corr", "covar_samp", "regr_slope", "regr_intercept"] {
      try checkLaws(name, [(y, .double), (x, .double)])
    }
    let booleans = randomValues(of: .boolean, count: 60, using: &generator)
    for name in ["bool_and", "bool_or", "every", "count_if"] {
      try checkLaws(name, [(booleans, .boolean)])
    }
    let bits = randomValues(of: .bigint, count: 60, using: &generator)
    for name in ["bitwise_and_agg", "bitwise_or_agg", "bitwise_xor_agg"] {
      try checkLaws(name, [(bits, .bigint)])
    }
    let halves = Array(repeating: Value.double(0.5), count: 60)
    try checkLaws("approx_percentile", [(x, .double), (halves, .double)])
  }

  @Test func longTextsAreSwept() throws {
    let function = try bind("max", [.text])
    let accumulator = try makeAccumulator(function)
    accumulator.resize(groupCount: 2)
    // Ever larger texts: each replaces the last.
    for batch in 0..<40 {
      let values = (0..<200).map { row in
        Value.text(String(repeating: "x", count: 500) + zeroPadded(UInt(batch * 200 + row), to: 6))
      }
      try update(accumulator, (0..<200).map { Int32($0 % 2) }, [flat(values, .text)])
    }
    #expect(accumulator.byteCount < 3_000_000)
    let result = try accumulator.finish(0..<2)
    #expect(result.text(1)?.hasSuffix("007999") == true)
    #expect(result.text(0)?.hasSuffix("007998") == true)
  }
}
