import ApusPlanner
import ApusValues
import ApusVectors

/// `regexp_position(text, pattern)`, with a place to start at, with the number of the occurrence:
/// where a match begins, in characters from 1, or -1.
enum RegexpPosition: ScalarFunction {
  static let overloads: [ScalarOverload] = [
    .regexp(signature([], "Finds a regular expression in a text, from 1; -1 if not.")) {
      arguments,
      matchers in
      let text = arguments[0].texts
      return { row throws(SQLError) -> Int32? in
        try position(text.bytes(row), matchers.matcher(row), start: 1, occurrence: 1)
      }
    },
    .regexp(signature([.type(.bigint)], "Finds a regular expression from a position on.")) {
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
        "Finds the nth match of a regular expression from a position on."
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
