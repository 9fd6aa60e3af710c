import ApusPlanner
import ApusValues
import ApusVectors

/// `regexp_split(text, pattern)`: what is between the matches of a regular expression.
enum RegexpSplit: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("regexp_split('a1b22c', '[0-9]+')", "[a, b, c]")
    ]
  }

  static let overloads: [ScalarOverload] = [
    .regexpArray(
      [.anyVarchar, .anyVarchar],
      "regexp_split",
      "Splits a text at the matches of a regular expression into an array."
    ) { arguments, matchers in
      let texts = arguments[0].texts
      return { row, output throws(SQLError) in
        let text = texts.bytes(row)
        var start = 0
        try matchers.matcher(row).visit(text) { match throws(SQLError) in
          output.append(UnsafeRawBufferPointer(rebasing: text[start..<match.lowerBound]))
          start = match.upperBound
          return true
        }
        output.append(UnsafeRawBufferPointer(rebasing: text[start...]))
      }
    }
  ]
}

/// `regexp_extract_all(text, pattern[, group])`: all matches or a group of each, NULL where the group
/// took no part.
enum RegexpExtractAll: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("regexp_extract_all('1a 2b 14m', '[0-9]+')", "[1, 2, 14]"),
      FunctionExample("regexp_extract_all('1a 2b', '([0-9])([a-z])', 2)", "[a, b]"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .regexpArray(
      [.anyVarchar, .anyVarchar],
      "regexp_extract_all",
      "Returns all matches of a regular expression."
    ) { arguments, matchers in
      let texts = arguments[0].texts
      return { row, output throws(SQLError) in
        try extract(0, of: texts.bytes(row), matchers.matcher(row), &output)
      }
    },
    .regexpArray(
      [.anyVarchar, .anyVarchar, .type(.bigint)],
      "regexp_extract_all",
      "Returns a group of all matches of a regular expression."
    ) { arguments, matchers in
      let texts = arguments[0].texts
      let groups = arguments[2].bigints
      return { row, output throws(SQLError) in
        try extract(groups[row], of: texts.bytes(row), matchers.matcher(row), &output)
      }
    },
  ]

  private static func extract(
    _ group: Int64,
    of text: UnsafeRawBufferPointer,
    _ matcher: RegularExpressionMatcher,
    _ output: inout TextArrayBuilder
  ) throws(SQLError) {
    if group < 0 { throw invalidArgument("Group cannot be negative") }
    let count = matcher.expression.groupCount
    if group > count {
      throw invalidArgument("Pattern has \(count) groups. Cannot access group \(group)")
    }
    try matcher.visit(text) { _ throws(SQLError) in
      if let place = matcher.group(Int(group)) {
        output.append(UnsafeRawBufferPointer(rebasing: text[place]))
      } else {
        output.appendNull()
      }
      return true
    }
  }
}

extension ScalarOverload {
  /// A function of a text, a regular expression and more that computes arrays of texts row by row.
  fileprivate static func regexpArray(
    _ parameters: [FunctionSignature.Parameter],
    _ name: String,
    _ summary: String,
    _ make:
      @escaping @Sendable ([ColumnVector], RegexpMatchers) -> (
        _ row: Int, _ output: inout TextArrayBuilder
      ) throws(SQLError) -> Void
  ) -> ScalarOverload {
    ScalarOverload(
      FunctionSignature(name, parameters, returns: .computed { .array($0[0]) }, summary: summary)
    ) { call throws(SQLError) in
      let pattern = RegexpPattern(call)
      let type = call.function.returnType
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let fill = make(arguments, RegexpMatchers(pattern, arguments[1]))
        return mapTextArrays(
          arguments,
          to: type,
          rows: rows,
          range: range,
          errors: &errors,
          fill
        )
      }
    }
  }
}
