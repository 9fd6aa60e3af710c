import ApusPlanner
import ApusValues
import ApusVectors

/// `map_keys(map)` and `map_values(map)`.
enum MapParts: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("map_keys(MAP(ARRAY['a', 'b'], ARRAY[1, 2]))", "[a, b]"),
      FunctionExample("map_values(MAP(ARRAY['a', 'b'], ARRAY[1, 2]))", "[1, 2]"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    ScalarOverload(
      FunctionSignature(
        "map_keys",
        [.map(.same(0), .same(1))],
        returns: .pattern(.array(.same(0))),
        summary: "Returns the keys of a map as an array."
      )
    ) { call throws(SQLError) in
      let (key, _) = try call.mapTypes(0)
      return BatchEvaluator { arguments, _, _ throws(SQLError) in arguments[0].mapKeys(key) }
    },
    ScalarOverload(
      FunctionSignature(
        "map_values",
        [.map(.same(0), .same(1))],
        returns: .pattern(.array(.same(1))),
        summary: "Returns the values of a map as an array."
      )
    ) { call throws(SQLError) in
      let (_, value) = try call.mapTypes(0)
      return BatchEvaluator { arguments, _, _ throws(SQLError) in arguments[0].mapValues(value) }
    },
  ]
}

extension ScalarCall {
  /// The types of the keys and the values of an argument that is a map.
  func mapTypes(_ position: Int) throws(SQLError) -> (key: SQLType, value: SQLType) {
    guard case .map(let key, let value) = function.parameterTypes[position] else {
      throw .internal("\(function.name) of \(function.parameterTypes[position])")
    }
    return (key, value)
  }
}
