import ApusPlanner
import ApusValues
import ApusVectors

/// `regexp_position(text, pattern)`, with a place to start at, with the number of the occurrence:
/// where a match begins, in characters from 1, or -1.
enum RegexpPosition: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("regexp_position('1a 2b 14m', '[0-9]{2}')", "7"),
      FunctionExample("regexp_position('a1b2c3', '[0-9]', 3)", "4"),
      FunctionExample("regexp_position('a1b2c3', '[0-9]', 1, 3)", "6"),
      FunctionExample("regexp_position('abc', '[0-9]')", "-1"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .regexp(
      signature(
        [],
        """
        Returns where a regular expression first matches, from 1; -1 if it does not.
        """
      )
    ) {
      arguments,
      matchers in
      let text = arguments[0].texts
      return { row throws(SQLError) -> Int32? in
        try position(text.bytes(row), matchers.matcher(row), start: 1, occurrence: 1)
      }
    },
    .regexp(
      signature(
        [.type(.bigint)],
        """
        Returns where a regular expression matches from a position on; -1 if it does not.
        """
      )
    ) {
      arguments,
      matchers in
      let text = arguments[0].texts
      let start = arguments[2].bigints
      return { row throws(SQLError) -> Int32? in
        try position(text.bytes(row), matchers.matcher(row), start: start[row], occurrence: 1)
      }
    },
    .regexp(
      signature(
        [.type(.bigint), .type(.bigint)],
        "Returns where the nth match from a position on is; -1 if there are fewer."
      )
    ) { arguments, matchers in
      let text = arguments[0].texts
      let start = arguments[2].bigints
      let occurrence = arguments[3].bigints
      return { row throws(SQLError) -> Int32? in
        try position(
          text.bytes(row),
          matchers.matcher(row),
          start: start[row],
          occurrence: occurrence[row]
        )
      }
    },
  ]

  private static func signature(_ more: [FunctionSignature.Parameter], _ summary: String)
    -> FunctionSignature
  {
    FunctionSignature(
      "regexp_position",
      [.anyVarchar, .anyVarchar] + more,
      returns: .type(.integer),
      summary: summary
    )
  }

  private static func position(
    _ text: UnsafeRawBufferPointer,
    _ matcher: RegularExpressionMatcher,
    start: Int64,
    occurrence: Int64
  ) throws(SQLError) -> Int32 {
    if start < 1 { throw invalidArgument("start position cannot be smaller than 1") }
    if occurrence < 1 { throw invalidArgument("occurrence cannot be smaller than 1") }
    guard start <= codePointCount(text) else { return -1 }
    let first = text.count - codePointSlice(text, Int(start) - 1, Int.max).count
    var remaining = occurrence
    var found: Int?
    try matcher.visit(text, from: first) { match throws(SQLError) in
      remaining -= 1
      if remaining == 0 { found = match.lowerBound }
      return remaining > 0
    }
    guard let found else { return -1 }
    return Int32(codePointCount(UnsafeRawBufferPointer(rebasing: text[..<found])) + 1)
  }
}
