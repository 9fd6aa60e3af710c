import ApusPlanner
import ApusValues
import ApusVectors

/// `is_json_scalar(document)`: whether it is a string, a number, a boolean or null.
///
///     is_json_scalar('1') = true
enum IsJSONScalar: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("is_json_scalar('1')", "true"),
      FunctionExample("is_json_scalar('[1, 2]')", "false"),
    ]
  }

  static let overloads: [ScalarOverload] = [overload(.type(.json)), overload(.anyVarchar)]

  private static func overload(_ parameter: FunctionSignature.Parameter) -> ScalarOverload {
    .rows(
      FunctionSignature(
        "is_json_scalar",
        [parameter],
        returns: .type(.boolean),
        summary: "Returns whether a document is a string, a number, a boolean or null."
      )
    ) { arguments in
      let documents = arguments[0].texts
      return { row throws(SQLError) -> UInt8? in
        let document = documents.bytes(row)
        do throws(JSONFailure) {
          var reader = JSONReader(document)
          let first = try reader.next()
          guard first != .end else { throw .malformed }
          try reader.skipChildren()
          guard try reader.next() == .end else { throw .malformed }
          return bit(first != .beginArray && first != .beginObject)
        } catch {
          let shown = String(decoding: document, as: UTF8.self)
          throw invalidArgument("Invalid JSON value: \(shown)")
        }
      }
    }
  }
}
