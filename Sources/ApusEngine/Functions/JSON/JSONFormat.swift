import ApusPlanner
import ApusValues
import ApusVectors

/// `json_format(document)`: its text, which is how a document lies in memory.
///
///     json_format(JSON '[1, 2]') = '[1,2]'
enum JSONFormat: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(#"json_format(JSON '{"a": [1, 2]}')"#, #"{"a":[1,2]}"#)
    ]
  }

  static let overloads: [ScalarOverload] = [
    ScalarOverload(
      .text("json_format", [.type(.json)], "Returns the text of a document.")
    ) { _ throws(SQLError) in
      BatchEvaluator { arguments, _, _ throws(SQLError) in arguments[0].retyped(.text) }
    }
  ]
}
