import ApusPlanner
import ApusValues
import ApusVectors

/// `regexp_extract(text, pattern)`, `regexp_extract(text, pattern, group)`: the first match or a
/// group of it; NULL if there is none.
enum RegexpExtract: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("regexp_extract('1a 2b 14m', '[0-9]+')", "1"),
      FunctionExample("regexp_extract('1a 2b 14m', '([0-9]+)([a-z])', 2)", "a"),
      FunctionExample("regexp_extract('abc', '[0-9]+')", "NULL"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .regexpText(
      .shorterText(
        "regexp_extract",
        [.anyVarchar, .anyVarchar],
        "Returns the first match of a regular expression; NULL if there is none."
      )
    ) { arguments, matchers in
      let text = arguments[0].texts
      return { row, _ throws(SQLError) -> StringView? in
        try extract(0, of: text.bytes(row), matchers.matcher(row))
      }
    },
    .regexpText(
      .shorterText(
        "regexp_extract",
        [.anyVarchar, .anyVarchar, .type(.bigint)],
        "Returns a group of the first match of a regular expression; NULL if there is none."
      )
    ) { arguments, matchers in
      let text = arguments[0].texts
      let group = arguments[2].bigints
      return { row, _ throws(SQLError) -> StringView? in
        try extract(group[row], of: text.bytes(row), matchers.matcher(row))
      }
    },
  ]

  private static func extract(
    _ group: Int64,
    of text: UnsafeRawBufferPointer,
    _ matcher: RegularExpressionMatcher
  ) throws(SQLError) -> StringView? {
    if group < 0 { throw invalidArgument("Group cannot be negative") }
    let count = matcher.expression.groupCount
    if group > count {
      throw invalidArgument("Pattern has \(count) groups. Cannot access group \(group)")
    }
    guard try matcher.search(text) != nil, let place = matcher.group(Int(group)) else { return nil }
    return StringView(UnsafeRawBufferPointer(rebasing: text[place]))
  }
}
