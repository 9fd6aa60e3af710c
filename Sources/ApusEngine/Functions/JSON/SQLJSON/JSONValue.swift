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
      let result = try JSONValueResult(type: call.function.returnType, options: path.options)
      return { arguments, row throws(SQLError) -> Value in
        try result.value(defaults: arguments[4...], row) { () throws(SQLError) in
          try path.items(arguments, row)
        }
      }
    }
  ]
}

/// What `JSON_VALUE` makes of the items that a path leads to.
struct JSONValueResult: Sendable {
  private let onEmpty: String
  private let onError: String
  private let casts: ScalarCasts

  /// - Parameter options: what to give for nothing and for an error: NULL, ERROR or DEFAULT.
  init(type: SQLType, options: [String]) throws(SQLError) {
    guard options.count == 2 else { throw .internal("options of JSON_VALUE") }
    onEmpty = options[0]
    onError = options[1]
    casts = ScalarCasts(to: type)
  }

  /// - Parameters:
  ///   - defaults: what to give for nothing and for an error, if the options say so.
  ///   - items: finds the items; nil for a document that is NULL.
  func value(
    defaults: ArraySlice<ColumnVector>,
    _ row: Int,
    _ items: () throws(SQLError) -> [JSONItem]?
  ) throws(SQLError) -> Value {
    do throws(SQLError) {
      guard let items = try items() else { return .null }
      if let first = items.first {
        guard items.count == 1 else {
          throw JSONValueResult.failure("JSON path found multiple items")
        }
        return try casts.cast(first)
      }
    } catch {
      switch onError {
      case "NULL": return .null
      case "DEFAULT": return defaults.last?.value(row) ?? .null
      default: throw error
      }
    }
    // What is said of errors is not said of nothing.
    switch onEmpty {
    case "NULL": return .null
    case "DEFAULT": return defaults.first?.value(row) ?? .null
    default: throw JSONValueResult.failure("JSON path found no items")
    }
  }

  fileprivate static func failure(_ message: String) -> SQLError {
    SQLError(.jsonValueResultError, "cannot extract SQL scalar from JSON: \(message)")
  }
}

/// Casts of what a path leads to, to the type that JSON_VALUE returns.
struct ScalarCasts: Sendable {
  let type: SQLType

  init(to type: SQLType) { self.type = type }

  func cast(_ item: JSONItem) throws(SQLError) -> Value {
    guard let (value, source) = item.sqlValue else {
      throw JSONValueResult.failure(
        "JSON path found an item that cannot be converted to an SQL value"
      )
    }
    if source == type || SQLType.isCastSupported(from: source, to: type),
      let result = try? cast(value, from: source)
    {
      return result
    }
    throw JSONValueResult.failure(
      "Cannot cast value of type \(source) to declared return type of function JSON_VALUE: \(type)"
    )
  }

  /// Casts a value of a type from which there is a cast.
  func cast(_ value: Value, from source: SQLType) throws(SQLError) -> Value {
    if value.isNull || source == type { return value }
    let kernel = try CastOperation(from: source, to: type, range: nil).kernel()
    var errors = RowErrors()
    let vector = ColumnVector.constant(value, type: source, count: 1)
    let converted = try kernel(vector, .all(1), &errors)
    try errors.raise()
    return converted.value(0)
  }
}
