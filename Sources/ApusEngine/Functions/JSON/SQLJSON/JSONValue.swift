import ApusPlanner
import ApusValues
import ApusVectors

/// `JSON_VALUE(document, path RETURNING type … ON EMPTY … ON ERROR)`: the scalar that a path leads
/// to; see `SQLJSONCall`. Two more arguments are the defaults; the options, for nothing and for an
/// error, say NULL, ERROR or DEFAULT.
enum JSONValue: ScalarFunction {
  static let overloads: [ScalarOverload] = [
    .values(
      FunctionSignature(
        "$json_value",
        [.any, .anyVarchar, .anyVarchar, .any, .any, .any],
        returns: .parameter(4),
        summary: "Returns the scalar that a path leads to in a document."
      )
    ) { call throws(SQLError) in
      let path = try SQLJSONCall(call, name: "JSON_VALUE")
      let casts = ScalarCasts(to: call.function.returnType)
      return { arguments, row throws(SQLError) -> Value in
        let failure: SQLError
        do throws(SQLError) {
          guard let items = try path.items(arguments, row) else { return .null }
          if items.isEmpty {
            switch path.options.first {
            case "NULL": return .null
            case "DEFAULT": return arguments[4].value(row)
            default: throw result("JSON path found no items")
            }
          }
          guard items.count == 1 else { throw result("JSON path found multiple items") }
          return try casts.cast(items[0])
        } catch {
          failure = error
        }
        switch path.options.last {
        case "NULL": return .null
        case "DEFAULT": return arguments[5].value(row)
        default: throw failure
        }
      }
    }
  ]

  fileprivate static func result(_ message: String) -> SQLError {
    SQLError(.jsonValueResultError, "cannot extract SQL scalar from JSON: \(message)")
  }
}

/// Casts of what a path leads to, to the type that JSON_VALUE returns.
private struct ScalarCasts: Sendable {
  let type: SQLType

  init(to type: SQLType) { self.type = type }

  func cast(_ item: JSONItem) throws(SQLError) -> Value {
    let unsuitable = JSONValue.result(
      "JSON path found an item that cannot be converted to an SQL value"
    )
    guard let (value, source) = item.sqlValue else { throw unsuitable }
    if value.isNull || source == type { return value }
    guard SQLType.isCastSupported(from: source, to: type) else { throw unsuitable }
    let kernel = try CastOperation(from: source, to: type, range: nil).kernel()
    var errors = RowErrors()
    let vector = ColumnVector.constant(value, type: source, count: 1)
    let converted = try kernel(vector, .all(1), &errors)
    try errors.raise()
    return converted.value(0)
  }
}
