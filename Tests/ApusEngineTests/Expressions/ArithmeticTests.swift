import ApusPlanner
import ApusValues
import ApusVectors
import Testing

@testable import ApusEngine

@Suite struct ArithmeticTests {
  private func apply(
    _ op: Arithmetic.Operator,
    _ left: Expression,
    _ right: Expression,
    _ type: SQLType
  ) -> Expression {
    .arithmetic(
      Arithmetic(op, left, right, type: type, range: SourceRange(start: 7, end: 12))
    )
  }

  @Test func integers() {
    let max = Int64.max
    let min = Int64.min
    #expect(printed(apply(.add, bigint(2), bigint(3), .bigint)) == "5")
    #expect(printed(apply(.divide, bigint(-7), bigint(2), .bigint)) == "-3")
    #expect(printed(apply(.modulo, bigint(-7), bigint(2), .bigint)) == "-1")
    #expect(printed(apply(.modulo, bigint(min), bigint(-1), .bigint)) == "0")
    #expect(printed(apply(.add, bigint(2), .null(.bigint), .bigint)) == "NULL")
    #expect(
      printed(apply(.add, bigint(max), bigint(1), .bigint))
        == "NUMERIC_VALUE_OUT_OF_RANGE: bigint addition overflow: 9223372036854775807 + 1"
    )
    #expect(
      printed(apply(.subtract, bigint(min), bigint(1), .bigint))
        == "NUMERIC_VALUE_OUT_OF_RANGE: bigint subtraction overflow: -9223372036854775808 - 1"
    )
    #expect(
      printed(apply(.multiply, bigint(max), bigint(2), .bigint))
        == "NUMERIC_VALUE_OUT_OF_RANGE: bigint multiplication overflow: 9223372036854775807 * 2"
    )
    #expect(
      printed(apply(.divide, bigint(min), bigint(-1), .bigint))
        == "NUMERIC_VALUE_OUT_OF_RANGE: bigint division overflow: -9223372036854775808 / -1"
    )
    #expect(
      printed(apply(.divide, bigint(1), bigint(0), .bigint))
        == "DIVISION_BY_ZERO: Division by zero"
    )
    let tiny = { (value: Int64) in literal(.integer(value), .tinyint) }
    #expect(
      printed(apply(.multiply, tiny(100), tiny(2), .tinyint))
        == "NUMERIC_VALUE_OUT_OF_RANGE: tinyint multiplication overflow: 100 * 2"
    )
  }

  @Test func errorsCarryTheRangeAndTheirRow() throws {
    let columns = [flat([.integer(1), .integer(.max), .null, .integer(.max)], .bigint)]
    let sum = apply(.add, column(0, .bigint), bigint(1), .bigint)
    let outcome = try evaluate(sum, over: columns)
    #expect(outcome.texts == ["2", nil, nil, nil])
    #expect(outcome.errors.keys.sorted() == [1, 3])
    #expect(outcome.errors[1]?.range == SourceRange(start: 7, end: 12))
    let selected = Selection(rowCount: 4, indices: [0, 2, 3])
    #expect(try evaluate(sum, over: columns, rows: selected).errors.keys.sorted() == [3])
  }

  @Test func floatingPoint() {
    #expect(printed(apply(.divide, double(1), double(0), .double)) == "Infinity")
    #expect(printed(apply(.divide, double(0), double(0), .double)) == "NaN")
    #expect(printed(apply(.modulo, double(-7.5), double(2), .double)) == "-1.5")
    #expect(printed(apply(.add, double(0.1), double(0.2), .double)) == "0.30000000000000004")
  }

  private func decimalType(_ precision: Int, _ scale: Int) -> SQLType {
    .decimal(precision: precision, scale: scale)
  }

  @Test func decimals() {
    let cases: [(Arithmetic.Operator, Expression, Expression, SQLType, String)] = [
      (.add, decimal("1.50", 3, 2), decimal("2.125", 4, 3), decimalType(5, 3), "3.625"),
      (.subtract, decimal("1.50", 3, 2), decimal("2.125", 4, 3), decimalType(5, 3), "-0.625"),
      (.multiply, decimal("1.50", 3, 2), decimal("-2.1", 2, 1), decimalType(5, 3), "-3.150"),
      (.divide, decimal("1.50", 3, 2), decimal("4", 1, 0), decimalType(3, 2), "0.38"),
      (.divide, decimal("-1.50", 3, 2), decimal("4", 1, 0), decimalType(3, 2), "-0.38"),
      (.divide, decimal("1", 1, 0), decimal("3.00", 3, 2), decimalType(5, 2), "0.33"),
      (.modulo, decimal("-7.5", 2, 1), decimal("2", 1, 0), decimalType(2, 1), "-1.5"),
      (
        .add, decimal("99999999999999999999", 20, 0), decimal("0.01", 3, 2), decimalType(23, 2),
        "99999999999999999999.01"
      ),
      (
        .multiply, decimal("999999999999999999", 18, 0), decimal("999999999999999999", 18, 0),
        decimalType(36, 0), "999999999999999998000000000000000001"
      ),
      (
        .multiply, decimal("99999999999999999999", 20, 0), decimal("99999999999999999999", 20, 0),
        decimalType(38, 0), "NUMERIC_VALUE_OUT_OF_RANGE: Decimal overflow"
      ),
      (
        .add, decimal("99999999999999999999999999999999999999", 38, 0), decimal("1", 38, 0),
        decimalType(38, 0), "NUMERIC_VALUE_OUT_OF_RANGE: Decimal overflow"
      ),
      // The dividend times 10^20 has 58 digits on the way.
      (
        .divide, decimal("99999999999999999999999999999999999999", 38, 0),
        decimal("3.00000000000000000000", 38, 20), decimalType(38, 0),
        "33333333333333333333333333333333333333"
      ),
      (
        .divide, decimal("1", 1, 0), decimal("0", 1, 0), decimalType(1, 0),
        "DIVISION_BY_ZERO: Division by zero"
      ),
      (
        .modulo, decimal("1", 1, 0), decimal("0", 1, 0), decimalType(1, 0),
        "DIVISION_BY_ZERO: Division by zero"
      ),
    ]
    for (op, left, right, type, expected) in cases {
      #expect(printed(apply(op, left, right, type)) == expected, "\(left) \(op) \(right)")
    }
  }

  @Test func datesAndIntervals() {
    let day = { (value: Int64) in literal(.integer(value * 86_400_000), .intervalDayToSecond) }
    let hour = { (value: Int64) in literal(.integer(value * 3_600_000), .intervalDayToSecond) }
    let month = { (value: Int64) in literal(.integer(value), .intervalYearToMonth) }
    let millis = SQLType.timestamp(precision: 3)
    let nanos = SQLType.timestamp(precision: 9)
    let cases: [(Arithmetic.Operator, Expression, Expression, SQLType, String)] = [
      (.add, date("2013-01-31"), day(1), .date, "2013-02-01"),
      (.add, day(1), date("2013-01-31"), .date, "2013-02-01"),
      (.subtract, date("2013-01-01"), day(1), .date, "2012-12-31"),
      (
        .add, date("2013-01-31"), hour(1), .date,
        "INVALID_FUNCTION_ARGUMENT: Cannot add hour, minutes or seconds to a date"
      ),
      (.add, date("2013-01-31"), month(1), .date, "2013-02-28"),
      (.subtract, date("2013-03-31"), month(13), .date, "2012-02-29"),
      (.add, timestamp("2013-01-31 05:06:07.123"), hour(20), millis, "2013-02-01 01:06:07.123"),
      (.add, timestamp("2013-01-31 05:06:07.123"), month(1), millis, "2013-02-28 05:06:07.123"),
      (.subtract, timestamp("1969-12-31 23:00:00"), hour(1), millis, "1969-12-31 22:00:00.000"),
      (
        .add, timestamp("2013-01-31 05:06:07.123456789", 9), hour(20), nanos,
        "2013-02-01 01:06:07.123456789"
      ),
      (.subtract, date("2013-03-01"), date("2013-02-01"), .intervalDayToSecond, "28 00:00:00.000"),
      (
        .subtract, timestamp("2013-03-01 00:00:00"), timestamp("2013-03-01 00:00:01.5"),
        .intervalDayToSecond, "-0 00:00:01.500"
      ),
      (.add, hour(23), hour(2), .intervalDayToSecond, "1 01:00:00.000"),
      (.multiply, hour(2), bigint(3), .intervalDayToSecond, "0 06:00:00.000"),
      (.multiply, double(1.5), hour(2), .intervalDayToSecond, "0 03:00:00.000"),
      (.divide, month(15), bigint(2), .intervalYearToMonth, "0-7"),
    ]
    for (op, left, right, type, expected) in cases {
      #expect(printed(apply(op, left, right, type)) == expected)
    }
  }

  @Test func everyEncodingGivesTheSame() throws {
    var generator = SeededGenerator(seed: 42)
    let types: [SQLType] = [
      .tinyint, .smallint, .integer, .bigint, .real, .double, decimalType(9, 2),
      decimalType(30, 4),
    ]
    let operators: [Arithmetic.Operator] = [.add, .subtract, .multiply, .divide, .modulo]
    for type in types {
      for op in operators {
        let a = randomValues(of: type, count: 60, using: &generator)
        let b = randomValues(of: type, count: 60, using: &generator)
        let result: SQLType =
          switch type {
          case .decimal(let precision, let scale):
            op == .multiply
              ? decimalType(min(38, precision * 2), scale * 2) : decimalType(38, scale)
          default: type
          }
        let both = apply(op, column(0, type), column(1, type), result)
        try expectSameInEveryEncoding(both, [(a, type), (b, type)])
        let right = apply(op, column(0, type), literal(b[1], type), result)
        try expectSameInEveryEncoding(right, [(a, type)])
        let left = apply(op, literal(b[2], type), column(0, type), result)
        try expectSameInEveryEncoding(left, [(a, type)])
      }
    }
  }
}

@Suite struct DecimalDivisionTests {
  @Test func narrowAndWideAgree() throws {
    var generator = SeededGenerator(seed: 12)
    let narrow = SQLType.decimal(precision: 18, scale: 2)
    let wide = SQLType.decimal(precision: 38, scale: 2)
    let a = (0..<300).map { _ in
      Int64.random(in: -999_999_999_999_999...999_999_999_999_999, using: &generator)
        >> Int64.random(in: 0..<40, using: &generator)
    }
    let b = (0..<300).map { _ in Int64.random(in: -1000...1000, using: &generator) }
    let result = SQLType.decimal(precision: 18, scale: 2)
    let inNarrow = Expression.arithmetic(
      Arithmetic(.divide, column(0, narrow), column(1, narrow), type: result, range: nil)
    )
    let inWide = Expression.arithmetic(
      Arithmetic(.divide, column(0, wide), column(1, wide), type: wide, range: nil)
    )
    let narrowOutcome = try evaluate(
      inNarrow,
      over: [flat(a.map { .integer($0) }, narrow), flat(b.map { .integer($0) }, narrow)]
    )
    let wideOutcome = try evaluate(
      inWide,
      over: [flat(a.map { .wide(Int128($0)) }, wide), flat(b.map { .wide(Int128($0)) }, wide)]
    )
    for row in a.indices where narrowOutcome.errors[row]?.code != .numericValueOutOfRange {
      #expect(narrowOutcome.texts[row] == wideOutcome.texts[row], "\(a[row]) / \(b[row])")
    }
  }
}
