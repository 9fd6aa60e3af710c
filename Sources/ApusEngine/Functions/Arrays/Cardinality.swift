import ApusPlanner
import ApusValues
import ApusVectors

/// `cardinality(x)`: how many elements an array has, or entries a map.
enum Cardinality: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("cardinality(ARRAY['a', NULL])", "2"),
      FunctionExample("cardinality(MAP(ARRAY['a'], ARRAY[1]))", "1"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .rows(
      FunctionSignature(
        "cardinality",
        [.array(.same(0))],
        returns: .type(.bigint),
        summary: "Returns the number of elements of an array."
      )
    ) { arguments in
      let arrays = arguments[0].texts
      return { row throws(SQLError) -> Int64? in Int64(nestedCount(arrays.bytes(row))) }
    },
    ScalarOverload(
      FunctionSignature(
        "cardinality",
        [.map(.same(0), .same(1))],
        returns: .type(.bigint),
        summary: "Returns the number of entries of a map."
      )
    ) { call throws(SQLError) in
      guard case .map(let key, _) = call.function.parameterTypes[0] else {
        throw .internal("cardinality of \(call.function.parameterTypes[0])")
      }
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let keys = arguments[0].mapKeys(key)
        let views = keys.texts
        return mapRows([keys], to: .bigint, rows: rows, range: nil, errors: &errors) {
          (row: Int) throws(SQLError) -> Int64? in Int64(nestedCount(views.bytes(row)))
        }
      }
    },
  ]
}
