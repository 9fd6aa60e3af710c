import ApusPlanner
import ApusValues
import Testing

@testable import ApusEngine

@Suite struct TextFunctionTests {
  private func binary(_ bytes: UInt8...) -> Expression { literal(.binary(bytes), .varbinary) }

  @Test func lengthCaseAndTrim() throws {
    try expect("length", text("Zürich"), gives: "6")
    try expect("length", text(""), gives: "0")
    try expect("length", binary(1, 2, 3), gives: "3")
    try expect("length", .null(.text), gives: "NULL")
    try expect("lower", text("ÀB@[`z Z"), gives: "àb@[`z z")
    try expect("upper", text("straße, zürich"), gives: "STRAßE, ZÜRICH")
    try expect(
      "upper",
      text("a long ascii text with {braces} and `ticks`"),
      gives: "A LONG ASCII TEXT WITH {BRACES} AND `TICKS`"
    )
    try expect("trim", text("  \t a b \n"), gives: "a b")
    try expect("ltrim", text("\u{2003}a "), gives: "a ")
    try expect("rtrim", text(" a "), gives: " a")
    try expect("trim", text("   "), gives: "")
    try expect("trim", text("xyaxy"), text("yx"), gives: "a")
    try expect("rtrim", text("aßß"), text("ß"), gives: "a")
  }

  @Test func substrings() throws {
    let cases: [(Int64, Int64?, String)] = [
      (1, nil, "Zürich"), (2, nil, "ürich"), (2, 3, "üri"), (-2, nil, "ch"), (-4, 2, "ri"),
      (0, nil, ""), (7, nil, ""), (-7, nil, ""), (2, 0, ""), (2, -1, ""), (6, 100, "h"),
      (1, .max, "Zürich"), (-6, nil, "Zürich"),
    ]
    for (start, length, expected) in cases {
      if let length {
        try expect("substr", text("Zürich"), bigint(start), bigint(length), gives: expected)
      } else {
        try expect("substring", text("Zürich"), bigint(start), gives: expected)
      }
    }
    try expect("substr", binary(1, 2, 3), bigint(2), gives: "02 03")
    try expect(
      "substr",
      text("San Francisco International Airport"),
      bigint(5),
      bigint(23),
      gives: "Francisco International"
    )
  }

  @Test func searching() throws {
    try expect("strpos", text("Zürich am See"), text("am"), gives: "8")
    try expect("strpos", text("Zürich"), text("x"), gives: "0")
    try expect("strpos", text("Zürich"), text(""), gives: "1")
    try expect("strpos", text("banana"), text("an"), bigint(2), gives: "4")
    try expect("strpos", text("banana"), text("an"), bigint(-1), gives: "4")
    try expect("strpos", text("banana"), text("an"), bigint(3), gives: "0")
    try expect("starts_with", text("Zürich"), text("Zü"), gives: "true")
    try expect("starts_with", text("Z"), text("Zü"), gives: "false")
    try expect("replace", text("banana"), text("an"), text("-"), gives: "b--a")
    try expect("replace", text("banana"), text("an"), gives: "ba")
    try expect("replace", text("aü"), text(""), text("x"), gives: "xaxüx")
    try expect("replace", text("none"), text("x"), text("y"), gives: "none")
    try expect("split_part", text("a,b,,c"), text(","), bigint(2), gives: "b")
    try expect("split_part", text("a,b,,c"), text(","), bigint(3), gives: "")
    try expect("split_part", text("a,b,,c"), text(","), bigint(5), gives: "NULL")
    try expect("split_part", text("aüc"), text(""), bigint(2), gives: "ü")
    try expect(
      "split_part",
      text("a"),
      text(","),
      bigint(0),
      gives: "INVALID_FUNCTION_ARGUMENT: Index must be greater than zero"
    )
  }

  @Test func building() throws {
    try expect("concat", text("a"), text("bc"), text("def"), gives: "abcdef")
    try expect("concat", text("a"), .null(.text), gives: "NULL")
    try expect("concat", binary(1), binary(2, 3), gives: "01 02 03")
    try expect("concat_ws", text(","), text("a"), .null(.text), text("b"), gives: "a,b")
    try expect("concat_ws", text(","), .null(.text), gives: "")
    try expect("concat_ws", .null(.text), text("a"), gives: "NULL")
    try expect("reverse", text("aüc"), gives: "cüa")
    try expect("lpad", text("7"), bigint(3), text("0"), gives: "007")
    try expect("lpad", text("ü"), bigint(4), text("ab"), gives: "abaü")
    try expect("rpad", text("x"), bigint(4), text("ab"), gives: "xaba")
    try expect("rpad", text("abcdef"), bigint(2), text(" "), gives: "ab")
    try expect(
      "lpad",
      text("x"),
      bigint(4),
      text(""),
      gives: "INVALID_FUNCTION_ARGUMENT: Padding string must not be empty"
    )
    try expect("chr", bigint(252), gives: "ü")
    try expect("codepoint", text("ü"), gives: "252")
    try expect("translate", text("hello"), text("el"), text("ip"), gives: "hippo")
    try expect("translate", text("hello"), text("lo"), text("x"), gives: "hexx")
    try expect("levenshtein_distance", text("kitten"), text("sitting"), gives: "3")
    try expect("levenshtein_distance", text(""), text("ab"), gives: "2")
    try expect("hamming_distance", text("karolin"), text("kathrin"), gives: "3")
  }

  @Test func bytes() throws {
    try expect("to_utf8", text("ü"), gives: "c3 bc")
    try expect("from_utf8", binary(0xc3, 0xbc), gives: "ü")
    try expect("from_utf8", binary(0x61, 0xff), gives: "a\u{fffd}")
    try expect("from_utf8", binary(0x61, 0xff), text("?"), gives: "a?")
    try expect("to_hex", binary(0, 0xab), gives: "00AB")
    try expect("from_hex", text("00aB"), gives: "00 ab")
    try expect(
      "from_hex",
      text("0"),
      gives: "INVALID_FUNCTION_ARGUMENT: Invalid input length 1"
    )
    try expect("to_base64", binary(1, 2, 3, 0xff), gives: "AQID/w==")
    try expect("from_base64", text("AQID/w=="), gives: "01 02 03 ff")
    try expect("to_base64url", binary(0xfb, 0xff), gives: "-_8=")
    try expect(
      "from_base64",
      text("A"),
      gives: "INVALID_FUNCTION_ARGUMENT: "
        + "Input byte[] should at least have 2 bytes for base64 bytes"
    )
  }

  @Test func everyEncodingGivesTheSame() throws {
    var generator = SeededGenerator(seed: 33)
    let values = randomValues(of: .text, count: 40, using: &generator)
    let others = randomValues(of: .text, count: 40, using: &generator)
    let numbers = randomValues(of: .tinyint, count: 40, using: &generator)
    for name in ["lower", "upper", "trim", "reverse", "length", "to_utf8"] {
      let expression = try call(name, column(0, .text))
      try expectSameInEveryEncoding(expression, [(values, .text)], library: .standard)
    }
    for name in ["concat", "strpos", "starts_with", "concat_ws", "levenshtein_distance"] {
      let both = try call(name, column(0, .text), column(1, .text))
      try expectSameInEveryEncoding(
        both,
        [(values, .text), (others, .text)],
        library: .standard
      )
      let constant = try call(name, column(0, .text), text("ü"))
      try expectSameInEveryEncoding(constant, [(values, .text)], library: .standard)
    }
    let part = try call("substr", column(0, .text), column(1, .bigint), bigint(3))
    try expectSameInEveryEncoding(
      part,
      [(values, .text), (numbers, .bigint)],
      library: .standard
    )
    // Some of these rows fail, and must fail in every encoding.
    let split = try call("split_part", column(0, .text), text("a"), column(1, .bigint))
    try expectSameInEveryEncoding(
      split,
      [(values, .text), (numbers, .bigint)],
      library: .standard
    )
    let point = try call("codepoint", column(0, .text))
    try expectSameInEveryEncoding(point, [(values, .text)], library: .standard)
  }
}
