import ApusPlanner
import ApusValues
import ApusVectors

/// `map(keys, values)`, and `map()` without entries.
enum MapConstructor: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("map(ARRAY['a', 'b'], ARRAY[1, 2])", "{a=1, b=2}"),
      FunctionExample("map()", "{}"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    ScalarOverload(
      FunctionSignature(
        "map",
        [],
        returns: .type(.map(key: .unknown, value: .unknown)),
        summary: "Returns a map without entries."
      )
    ) { call throws(SQLError) in
      let type = call.function.returnType
      return BatchEvaluator { _, rows, _ throws(SQLError) in
        .constant(.map([]), type: type, count: rows.rowCount)
      }
    },
    ScalarOverload(
      FunctionSignature(
        "map",
        [.array(.same(0)), .array(.same(1))],
        returns: .pattern(.map(.same(0), .same(1))),
        summary: """
          Returns the map of an array of keys, no two of which are equal, to an array of values.
          """
      )
    ) { call throws(SQLError) in
      let type = call.function.returnType
      let key = try call.elementType(0)
      let value = try call.elementType(1)
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let keys = arguments[0].arrayElements(key, rows: rows)
        let values = arguments[1].arrayElements(value, rows: rows)
        var isValid = [UInt8](repeating: 0, count: rows.rowCount)
        rows.visit { row in
          if arguments[0].isNull(row) || arguments[1].isNull(row) { return }
          do throws(SQLError) {
            try check(keys, keys.range(row), valueCount: values.range(row).count, key)
            isValid[row] = 1
          } catch {
            errors.record(error.located(at: range), row: row)
          }
        }
        return .maps(
          keys: .arrays(keys, type: .array(key), validity: isValid),
          values: arguments[1],
          type: type
        )
      }
    },
  ]

  /// - Throws: INVALID_FUNCTION_ARGUMENT for what makes no map.
  private static func check(
    _ keys: ArrayElements,
    _ range: Range<Int>,
    valueCount: Int,
    _ type: SQLType
  ) throws(SQLError) {
    guard range.count == valueCount else {
      throw invalidArgument("Key and value arrays must be the same length")
    }
    try checkMapKeys(range.map { keys.elements.value($0) }, type)
  }
}

/// - Throws: INVALID_FUNCTION_ARGUMENT for keys that are NULL or occur twice.
func checkMapKeys(_ keys: [Value], _ type: SQLType) throws(SQLError) {
  var seen: Set<Value> = []
  for key in keys {
    if key.isNull { throw invalidArgument("map key cannot be null") }
    guard seen.insert(key).inserted else {
      throw invalidArgument("Duplicate map keys (\(key.text(as: type) ?? "NULL")) are not allowed")
    }
  }
}
