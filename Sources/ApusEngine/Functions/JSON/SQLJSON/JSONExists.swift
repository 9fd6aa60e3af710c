import ApusPlanner
import ApusValues
import ApusVectors

/// `JSON_EXISTS(document, path … ON ERROR)`: whether a path leads to anything; see `SQLJSONCall`.
/// The option is TRUE, FALSE, UNKNOWN or ERROR.
enum JSONExists: ScalarFunction {
  static let overloads: [ScalarOverload] = [
    .values(
      FunctionSignature(
        "$json_exists",
        [.any, .anyVarchar, .anyVarchar, .any],
        returns: .type(.boolean),
        summary: "Returns whether a path leads to anything in a document."
      )
    ) { call throws(SQLError) in
      let path = try SQLJSONCall(call, name: "JSON_EXISTS")
      return { arguments, row throws(SQLError) -> Value in
        do throws(SQLError) {
          guard let items = try path.items(arguments, row) else { return .null }
          return .boolean(!items.isEmpty)
        } catch {
          switch path.options.first {
          case "TRUE": return .boolean(true)
          case "FALSE": return .boolean(false)
          case "UNKNOWN": return .null
          default: throw error
          }
        }
      }
    }
  ]
}
