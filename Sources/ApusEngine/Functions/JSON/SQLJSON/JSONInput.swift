import ApusPlanner
import ApusValues
import ApusVectors

/// `$json_input(text, encoding)`: takes text or bytes for a document without looking at it, for
/// arguments of SQL/JSON that say FORMAT JSON; the function that gets it reads it.
///
/// The encoding is UTF8, UTF16 or UTF32. Bytes that are no such text become an empty one, which is no
/// document, so that whoever reads it says so.
enum JSONInput: ScalarFunction {
  static let overloads: [ScalarOverload] = [
    ScalarOverload(
      FunctionSignature(
        "$json_input",
        [.any, .anyVarchar],
        returns: .type(.json),
        summary: "Takes text for a document."
      )
    ) { call throws(SQLError) in
      guard case .text(let encoding)?? = call.constants.last else {
        throw .internal("an encoding that is not constant")
      }
      if encoding == "UTF8" {
        return BatchEvaluator { arguments, _, _ throws(SQLError) in arguments[0].retyped(.json) }
      }
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let bytes = arguments[0].texts
        return mapText(
          [arguments[0]],
          to: .json,
          rows: rows,
          range: range,
          errors: &errors
        ) { row, heap in heap.store(SQLJSONInputs.decode(bytes.bytes(row), encoding) ?? "") }
      }
    }
  ]
}
