import ApusPlanner
import ApusValues
import ApusVectors

/// `regexp_like(text, pattern)`: whether the pattern matches somewhere in the text.
enum RegexpLike: ScalarFunction {
  static let overloads: [ScalarOverload] = [
    .regexp(
      FunctionSignature(
        "regexp_like",
        [.anyVarchar, .anyVarchar],
        returns: .type(.boolean),
        summary: "Whether a regular expression matches within a text."
      )
    ) { arguments, matchers in
      let text = arguments[0].texts
      return { row throws(SQLError) -> UInt8? in
        try matchers.matcher(row).search(text.bytes(row)) == nil ? 0 : 1
      }
    }
  ]
}
