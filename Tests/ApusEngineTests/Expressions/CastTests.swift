import ApusPlanner
import ApusValues
import ApusVectors
import Testing

@testable import ApusEngine

@Suite struct CastTests {
  private func cast(_ operand: Expression, _ type: SQLType) -> String {
    printed(.cast(Cast(operand, to: type, range: nil)))
  }

  private func decimalType(_ precision: Int, _ scale: Int) -> SQLType {
    .decimal(precision: precision, scale: scale)
  }

  @Test func numbersFromText() {
    #expect(cast(text("12"), .integer) == "12")
    #expect(cast(text("-9223372036854775808"), .bigint) == "-9223372036854775808")
    #expect(cast(text("abc"), .integer) == "INVALID_CAST_ARGUMENT: Cannot cast 'abc' to INT")
    #expect(cast(text(""), .bigint) == "INVALID_CAST_ARGUMENT: Cannot cast '' to BIGINT")
    #expect(cast(text("128"), .tinyint) == "INVALID_CAST_ARGUMENT: Cannot cast '128' to TINYINT")
    #expect(cast(text(" 1e3 "), .double) == "1000.0")
    #expect(cast(text("NaN"), .double) == "NaN")
    #expect(cast(text("-Infinity"), .real) == "-Infinity")
    #expect(cast(text("0x10"), .double) == "INVALID_CAST_ARGUMENT: Cannot cast '0x10' to DOUBLE")
    #expect(cast(text("1.005"), decimalType(4, 2)) == "1.01")
    #expect(cast(text("-1.5e2"), decimalType(4, 1)) == "-150.0")
    #expect(cast(text("1e-3"), decimalType(4, 2)) == "0.00")
    #expect(
      cast(text("1000"), decimalType(4, 1))
        == "INVALID_CAST_ARGUMENT: Cannot cast VARCHAR '1000' to DECIMAL(4, 1)"
    )
    #expect(
      cast(text("99999999999999999999999999999999999999"), decimalType(38, 0))
        == "99999999999999999999999999999999999999"
    )
    #expect(
      cast(text("999999999999999999999999999999999999999"), decimalType(38, 0)).hasPrefix("INVALID")
    )
    #expect(cast(text("TRUE"), .boolean) == "true")
    #expect(cast(text("f"), .boolean) == "false")
    #expect(cast(text("yes"), .boolean) == "INVALID_CAST_ARGUMENT: Cannot cast 'yes' to BOOLEAN")
  }

  @Test func numbersFromNumbers() {
    #expect(cast(bigint(300), .smallint) == "300")
    #expect(
      cast(bigint(3_000_000_000), .integer)
        == "NUMERIC_VALUE_OUT_OF_RANGE: Out of range for integer: 3000000000"
    )
    #expect(cast(double(2.5), .bigint) == "3")
    #expect(cast(double(-2.5), .bigint) == "-3")
    #expect(cast(double(.nan), .bigint) == "INVALID_CAST_ARGUMENT: Unable to cast NaN to bigint")
    #expect(
      cast(double(1e30), .integer) == "INVALID_CAST_ARGUMENT: Unable to cast 1.0E30 to integer"
    )
    #expect(cast(decimal("2.50", 5, 2), .integer) == "3")
    #expect(cast(decimal("-2.49", 5, 2), .integer) == "-2")
    #expect(
      cast(decimal("300", 5, 0), .tinyint) == "INVALID_CAST_ARGUMENT: Cannot cast '300' to TINYINT"
    )
    #expect(cast(double(0.145), decimalType(3, 2)) == "0.15")
    #expect(cast(double(1e20), decimalType(38, 2)) == "100000000000000000000.00")
    #expect(
      cast(double(123.4), decimalType(3, 1))
        == "INVALID_CAST_ARGUMENT: Cannot cast DOUBLE '123.4' to DECIMAL(3, 1)"
    )
    #expect(cast(bigint(12), decimalType(10, 2)) == "12.00")
    #expect(
      cast(bigint(123), decimalType(4, 2))
        == "INVALID_CAST_ARGUMENT: Cannot cast BIGINT '123' to DECIMAL(4, 2)"
    )
    #expect(cast(decimal("1.25", 5, 2), decimalType(4, 1)) == "1.3")
    #expect(cast(decimal("1.25", 5, 2), decimalType(30, 4)) == "1.2500")
    #expect(cast(decimal("0.1", 2, 1), .double) == "0.1")
    #expect(cast(decimal("12345678901234567890.5", 30, 1), .double) == "1.2345678901234567E19")
    #expect(cast(bigint(0), .boolean) == "false")
    #expect(cast(double(0.5), .boolean) == "true")
  }

  @Test func toText() {
    #expect(cast(bigint(-5), .text) == "-5")
    #expect(cast(double(1e10), .text) == "1.0E10")
    #expect(cast(double(0.1), .text) == "0.1")
    #expect(cast(literal(.real(0.1), .real), .text) == "0.1")
    #expect(cast(decimal("-0.05", 5, 2), .text) == "-0.05")
    #expect(cast(decimal("1.50", 30, 2), .text) == "1.50")
    #expect(cast(date("2013-01-31"), .text) == "2013-01-31")
    #expect(cast(timestamp("2013-01-31 05:06:07.5"), .text) == "2013-01-31 05:06:07.500")
    #expect(cast(literal(.boolean(true), .boolean), .text) == "true")
    #expect(cast(text("Zürich"), .varchar(length: 2)) == "Zü")
    #expect(cast(text("ab   "), .char(length: 4)) == "ab  ")
    #expect(cast(literal(.text("ab"), .char(length: 4)), .text) == "ab  ")
    #expect(
      cast(bigint(1234), .varchar(length: 3))
        == "INVALID_CAST_ARGUMENT: Value 1234 cannot be represented as varchar(3)"
    )
    #expect(cast(text("ab"), .varbinary) == "61 62")
  }

  @Test func datesAndTimes() {
    #expect(cast(text(" 2013-01-31 "), .date) == "2013-01-31")
    #expect(cast(text("2013-1-3"), .date) == "2013-01-03")
    #expect(
      cast(text("2013-02-30"), .date)
        == "INVALID_CAST_ARGUMENT: Value cannot be cast to date: 2013-02-30"
    )
    let milliseconds = SQLType.timestamp(precision: 3)
    #expect(cast(text("2013-01-31 05:06:07.1235"), milliseconds) == "2013-01-31 05:06:07.124")
    #expect(cast(text("2013-01-31"), milliseconds) == "2013-01-31 00:00:00.000")
    #expect(
      cast(text("now"), milliseconds).hasPrefix("INVALID_CAST_ARGUMENT: Value cannot be cast")
    )
    #expect(cast(date("1969-12-31"), milliseconds) == "1969-12-31 00:00:00.000")
    #expect(cast(timestamp("1969-12-31 23:59:59.9"), .date) == "1969-12-31")
    #expect(
      cast(timestamp("2013-01-31 23:59:59.9996", 6), milliseconds) == "2013-02-01 00:00:00.000"
    )
    #expect(
      cast(timestamp("2013-01-31 05:06:07.123456789", 9), .timestamp(precision: 6))
        == "2013-01-31 05:06:07.123457"
    )
    #expect(
      cast(timestamp("2013-01-31 05:06:07.12"), .timestamp(precision: 9))
        == "2013-01-31 05:06:07.120000000"
    )
    #expect(cast(timestamp("2013-01-31 05:06:07.12"), .time(precision: 0)) == "05:06:07")
    #expect(cast(text("5:06"), .time(precision: 3)) == "05:06:00.000")
  }

  @Test func tryCastGivesNull() throws {
    let texts = flat([.text("1"), .text("x"), .null], .text)
    let attempt = Expression.cast(
      Cast(column(0, .text), to: .bigint, isTry: true, range: nil)
    )
    let outcome = try evaluate(attempt, over: [texts])
    #expect(outcome.texts == ["1", nil, nil])
    #expect(outcome.errors.isEmpty)
  }

  @Test func everySupportedCastRunsInEveryEncoding() throws {
    let types: [SQLType] = [
      .boolean, .tinyint, .smallint, .integer, .bigint, .real, .double, decimalType(5, 2),
      decimalType(18, 2), decimalType(30, 5), .text, .varchar(length: 3), .char(length: 4),
      .varbinary, .date, .time(precision: 3), .timestamp(precision: 3), .timestamp(precision: 6),
      .timestamp(precision: 9), .intervalDayToSecond, .intervalYearToMonth,
    ]
    var generator = SeededGenerator(seed: 11)
    for source in types {
      let values = randomValues(of: source, count: 30, using: &generator)
      for target in types {
        let expression = Expression.cast(Cast(column(0, source), to: target, range: nil))
        if SQLType.isCastSupported(from: source, to: target) {
          try expectSameInEveryEncoding(expression, [(values, source)])
        } else {
          #expect(throws: SQLError.self) {
            try evaluate(expression, over: [flat(values, source)])
          }
        }
      }
    }
  }
}
