import ApusPlanner
import ApusValues
import ApusVectors

/// `regexp_count(text, pattern)`.
enum RegexpCount: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("regexp_count('1a 2b 14m', '[0-9]+')", "3")
    ]
  }

  static let overloads: [ScalarOverload] = [
    .regexp(
      .bigint(
        "regexp_count",
        [.anyVarchar, .anyVarchar],
        """
        Counts the matches of a regular expression.
        """
      )
    ) { arguments, matchers in
      let text = arguments[0].texts
      return { row throws(SQLError) -> Int64? in
        var count: Int64 = 0
        try matchers.matcher(row).visit(text.bytes(row)) { _ throws(SQLError) in
          count += 1
          return true
        }
        return count
      }
    }
  ]
}
