import ApusPlanner
import ApusValues
import ApusVectors

/// `regexp_like(text, pattern)`: whether the pattern matches somewhere in the text.
enum RegexpLike: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("regexp_like('1a 2b 14m', '[0-9]+b')", "true"),
      FunctionExample("regexp_like('abc', '^b')", "false"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .regexp(
      FunctionSignature(
        "regexp_like",
        [.anyVarchar, .anyVarchar],
        returns: .type(.boolean),
        summary: "Returns whether a regular expression matches anywhere in a text."
      )
    ) { arguments, matchers in
      let text = arguments[0].texts
      return { row throws(SQLError) -> UInt8? in
        try matchers.matcher(row).search(text.bytes(row)) == nil ? 0 : 1
      }
    }
  ]
}
