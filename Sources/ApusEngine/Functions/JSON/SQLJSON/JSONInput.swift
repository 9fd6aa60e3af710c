import ApusPlanner
import ApusValues
import ApusVectors

/// `$json_input(text)`: takes text or bytes for a document without looking at it, for arguments of
/// SQL/JSON that say FORMAT JSON; the function that gets it reads it.
enum JSONInput: ScalarFunction {
  static let overloads: [ScalarOverload] = [
    ScalarOverload(
      FunctionSignature(
        "$json_input",
        [.any],
        returns: .type(.json),
        summary: "Takes text for a document."
      )
    ) { _ throws(SQLError) in
      BatchEvaluator { arguments, _, _ throws(SQLError) in arguments[0].retyped(.json) }
    }
  ]
}
