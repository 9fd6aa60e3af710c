import ApusPlanner
import ApusValues
import ApusVectors

/// `JSON_OBJECT(…)` and `JSON_ARRAY(…)`, which reach the engine as `$json_object` and `$json_array`
/// of options, a NULL of the type to return, and a row: names and values by turns, or elements.
///
/// The options are ABSENT or NULL for members that are NULL, UNIQUE or not, and the encoding of
/// bytes. A field of JSON type is a document, one of another type a value.
enum JSONConstructors: ScalarFunction {
  static let overloads: [ScalarOverload] = [
    .values(signature("$json_object", "Makes an object of names and values.")) {
      call throws(SQLError) in
      let (options, fields, output) = try parts(call)
      return { arguments, row throws(SQLError) -> Value in
        var members: [(name: String, value: JSONItem)] = []
        var names: Set<String> = []
        let values = JSONConstructors.values(arguments[2], row)
        for position in stride(from: 0, to: values.count - 1, by: 2) {
          guard case .text(let name) = values[position] else {
            throw invalidArgument("null value passed for JSON object key to JSON_OBJECT function")
          }
          let value = values[position + 1]
          if value.isNull, options[0] == "ABSENT" { continue }
          members.append((name, try item(value, fields[position + 1].type, "JSON_OBJECT")))
          guard names.insert(name).inserted else {
            throw options[1] == "UNIQUE"
              ? invalidArgument("duplicate key passed to JSON_OBJECT function")
              : .notSupported("cannot construct a JSON object with duplicate key")
          }
        }
        return try output.value(.object(members))
      }
    },
    .values(signature("$json_array", "Makes an array of values.")) { call throws(SQLError) in
      let (options, fields, output) = try parts(call)
      return { arguments, row throws(SQLError) -> Value in
        var elements: [JSONItem] = []
        for (value, field) in zip(JSONConstructors.values(arguments[2], row), fields) {
          if value.isNull, options[0] == "ABSENT" { continue }
          elements.append(try item(value, field.type, "JSON_ARRAY"))
        }
        return try output.value(.array(elements))
      }
    },
  ]

  private static func signature(_ name: String, _ summary: String) -> FunctionSignature {
    FunctionSignature(
      name,
      [.anyVarchar, .any, .any],
      returns: .parameter(1),
      summary: summary
    )
  }

  private static func parts(_ call: ScalarCall) throws(SQLError)
    -> (options: [String], fields: [RowField], output: SQLJSONOutput)
  {
    guard case .text(let words)?? = call.constants.first else {
      throw .internal("options that are not constant")
    }
    let options = words.split(separator: ",").map { String($0) }
    guard options.count == 3 else { throw .internal("options of a JSON constructor") }
    var fields: [RowField] = []
    if case .row(let all) = call.function.parameterTypes[2] { fields = all }
    let output = SQLJSONOutput(type: call.function.returnType, encoding: options[2])
    return (options, fields, output)
  }

  private static func values(_ vector: ColumnVector, _ row: Int) -> [Value] {
    if case .row(let values) = vector.value(row) { values } else { [] }
  }

  private static func item(_ value: Value, _ type: SQLType, _ function: String) throws(SQLError)
    -> JSONItem
  {
    if type == .json, case .text(let text) = value {
      if let item = try? JSONItem(document: text) { return item }
    } else if let item = JSONItem(value, type) {
      return item
    }
    throw SQLError(
      .jsonInputConversionError,
      "conversion to JSON failed: malformed input argument to \(function) function"
    )
  }
}
