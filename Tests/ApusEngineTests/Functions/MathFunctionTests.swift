import ApusPlanner
import ApusValues
import Testing

@testable import ApusEngine

@Suite struct MathFunctionTests {
  private func integer(_ value: Int64) -> Expression { literal(.integer(value), .integer) }

  @Test func roundingAndSigns() throws {
    try expect("abs", bigint(-5), gives: "5")
    try expect(
      "abs",
      bigint(.min),
      gives:
        "NUMERIC_VALUE_OUT_OF_RANGE: Value -9223372036854775808 is out of range for abs(bigint)"
    )
    try expect("abs", decimal("-1.50", 3, 2), gives: "1.50")
    try expect("abs", decimal("-1.50", 30, 2), gives: "1.50")
    try expect("abs", double(-.infinity), gives: "Infinity")
    try expect("ceil", double(-1.5), gives: "-1.0")
    try expect("ceiling", decimal("1.01", 3, 2), gives: "2")
    try expect("ceil", decimal("-1.01", 3, 2), gives: "-1")
    try expect("floor", decimal("-1.01", 3, 2), gives: "-2")
    try expect("floor", decimal("9.99", 30, 2), gives: "9")
    try expect("floor", bigint(7), gives: "7")
    try expect("truncate", double(-1.9), gives: "-1.0")
    try expect("truncate", decimal("-1.99", 3, 2), gives: "-1")
    try expect("truncate", double(123.456), bigint(1), gives: "123.4")
    try expect("round", double(2.5), gives: "3.0")
    try expect("round", double(-2.5), gives: "-3.0")
    try expect("round", double(2.345), bigint(2), gives: "2.35")
    try expect("round", double(1234.5), bigint(-2), gives: "1200.0")
    try expect("round", double(.nan), bigint(2), gives: "NaN")
    try expect("round", bigint(155), bigint(-1), gives: "160")
    try expect("round", bigint(155), bigint(3), gives: "155")
    try expect("round", decimal("1.25", 3, 2), bigint(1), gives: "1.30")
    try expect("round", decimal("9.99", 3, 2), bigint(0), gives: "10.00")
    try expect("round", decimal("-2.5", 2, 1), gives: "-3")
    try expect("sign", bigint(-7), gives: "-1")
    try expect("sign", double(0), gives: "0.0")
    try expect("sign", decimal("-0.5", 2, 1), gives: "-1")
    try expect("mod", bigint(-7), bigint(3), gives: "-1")
    try expect("mod", bigint(1), bigint(0), gives: "DIVISION_BY_ZERO: Division by zero")
    try expect("mod", decimal("7.5", 2, 1), decimal("2", 1, 0), gives: "1.5")
    try expect("round", literal(.null, .double), gives: "NULL")
  }

  @Test func elementary() throws {
    try expect("sqrt", double(2), gives: "1.4142135623730951")
    try expect("cbrt", double(27), gives: "3.0")
    try expect("power", double(2), double(10), gives: "1024.0")
    try expect("pow", double(2), double(0.5), gives: "1.4142135623730951")
    try expect("exp", double(0), gives: "1.0")
    try expect("ln", double(-1), gives: "NaN")
    try expect("log2", double(8), gives: "3.0")
    try expect("log10", double(1000), gives: "3.0")
    try expect("log", double(2), double(64), gives: "6.0")
    try expect("pi", gives: "3.141592653589793")
    try expect("e", gives: "2.718281828459045")
    try expect("atan2", double(1), double(1), gives: "0.7853981633974483")
    try expect("degrees", double(.pi), gives: "180.0")
    try expect("radians", double(180), gives: "3.141592653589793")
    try expect("is_nan", double(.nan), gives: "true")
    try expect("is_finite", double(.infinity), gives: "false")
    try expect("is_infinite", double(-.infinity), gives: "true")
    try expect("infinity", gives: "Infinity")
    try expect("nan", gives: "NaN")
  }

  @Test func extremes() throws {
    try expect("greatest", bigint(3), bigint(9), bigint(-1), gives: "9")
    try expect("least", bigint(3), bigint(9), bigint(-1), gives: "-1")
    try expect("greatest", text("a"), text("Zürich, eine lange Zeichenkette"), gives: "a")
    try expect(
      "least",
      text("b"),
      text("a string of more than twelve bytes"),
      gives: "a string of more than twelve bytes"
    )
    try expect("greatest", bigint(3), .null(.bigint), gives: "NULL")
    try expect("greatest", double(1), double(.nan), gives: "NaN")
    try expect("least", double(.nan), double(1), gives: "1.0")
    try expect("greatest", date("2013-01-01"), date("2012-12-31"), gives: "2013-01-01")
  }

  @Test func bitsAndBases() throws {
    try expect("bitwise_and", bigint(12), bigint(10), gives: "8")
    try expect("bitwise_or", bigint(12), bigint(10), gives: "14")
    try expect("bitwise_xor", bigint(12), bigint(10), gives: "6")
    try expect("bitwise_not", bigint(12), gives: "-13")
    try expect("bitwise_left_shift", bigint(1), bigint(70), gives: "0")
    try expect("bitwise_left_shift", integer(1), bigint(31), gives: "-2147483648")
    try expect("bitwise_right_shift", bigint(-8), bigint(1), gives: "9223372036854775804")
    try expect("bitwise_right_shift_arithmetic", bigint(-8), bigint(1), gives: "-4")
    try expect("bit_count", bigint(-1), bigint(8), gives: "8")
    try expect("to_base", bigint(255), bigint(16), gives: "ff")
    try expect("from_base", text("zz"), bigint(36), gives: "1295")
    try expect(
      "from_base",
      text("12x"),
      bigint(10),
      gives: "INVALID_FUNCTION_ARGUMENT: Not a valid base-10 number: 12x"
    )
    try expect("width_bucket", double(5.3), double(0), double(10), bigint(5), gives: "3")
    try expect("width_bucket", double(-1), double(0), double(10), bigint(5), gives: "0")
    try expect("width_bucket", double(10), double(0), double(10), bigint(5), gives: "6")
  }

  @Test func randomNumbersDiffer() throws {
    let library = FunctionLibrary.standard
    let rows = flat(Array(repeating: .integer(1), count: 50), .bigint)
    let values = try evaluate(try call("random"), over: [rows], library: library).values
    #expect(Set(values).count > 40)
    let bounded = try evaluate(
      try call("rand", bigint(5), bigint(1000)),
      over: [rows],
      library: library
    ).values
    #expect(Set(bounded).count > 20)
    for value in bounded {
      let number = try #require(value.int128)
      #expect((5..<1000).contains(number))
    }
    try expect(
      "random",
      bigint(0),
      gives: "INVALID_FUNCTION_ARGUMENT: bound must be positive"
    )
  }

  @Test func everyEncodingGivesTheSame() throws {
    var generator = SeededGenerator(seed: 21)
    let calls: [(String, SQLType)] = [
      ("abs", .bigint), ("abs", .tinyint), ("abs", .decimal(precision: 30, scale: 3)),
      ("round", .double), ("round", .decimal(precision: 9, scale: 2)), ("floor", .real),
      ("sqrt", .double), ("sign", .integer), ("is_nan", .double), ("bitwise_not", .bigint),
    ]
    for (name, type) in calls {
      let values = randomValues(of: type, count: 40, using: &generator)
      let expression = try call(name, column(0, type))
      try expectSameInEveryEncoding(expression, [(values, type)], library: .standard)
    }
    for name in ["greatest", "least"] {
      for type in [SQLType.bigint, .text, .double, .boolean] {
        let a = randomValues(of: type, count: 40, using: &generator)
        let b = randomValues(of: type, count: 40, using: &generator)
        let expression = try call(name, column(0, type), column(1, type))
        try expectSameInEveryEncoding(expression, [(a, type), (b, type)], library: .standard)
      }
    }
  }
}
