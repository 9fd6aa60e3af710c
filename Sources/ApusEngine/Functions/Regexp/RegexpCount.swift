import ApusPlanner
import ApusValues
import ApusVectors

/// `regexp_count(text, pattern)`.
enum RegexpCount: ScalarFunction {
  static let overloads: [ScalarOverload] = [
    .regexp(
      .bigint("regexp_count", [.anyVarchar, .anyVarchar], "Counts a regular expression's matches.")
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
