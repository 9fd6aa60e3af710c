import ApusPlanner
import ApusValues
import ApusVectors

/// `map_filter`, `transform_keys` and `transform_values`.
enum MapLambdas: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("map_filter(MAP(ARRAY['a', 'b'], ARRAY[1, 2]), (k, v) -> v > 1)", "{b=2}"),
      FunctionExample(
        "transform_keys(MAP(ARRAY['a', 'b'], ARRAY[1, 2]), (k, v) -> upper(k))",
        "{A=1, B=2}"
      ),
      FunctionExample(
        "transform_values(MAP(ARRAY['a', 'b'], ARRAY[1, 2]), (k, v) -> v * 10)",
        "{a=10, b=20}"
      ),
    ]
  }

  static let overloads: [ScalarOverload] = [
    ScalarOverload(
      FunctionSignature(
        "map_filter",
        [.map(.same(0), .same(1)), .function([.same(0), .same(1)], .type(.boolean))],
        returns: .pattern(.map(.same(0), .same(1))),
        summary: "Returns the entries for which a lambda is true."
      )
    ) { call throws(SQLError) in
      let (lambda, key, value) = try parts(call)
      let type = call.function.returnType
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let entries = MapElements(arguments[0], key, value, rows: rows)
        let isWanted = try apply(lambda, entries, arguments, &errors)
        let kept = Selection.all(entries.keys.elements.count).intersection(whereTrue: isWanted)
        return entries.maps(type, keeping: kept, validity: validity(of: arguments[0]))
      }
    },
    ScalarOverload(
      FunctionSignature(
        "transform_values",
        [.map(.same(0), .same(1)), .function([.same(0), .same(1)], .same(2))],
        returns: .pattern(.map(.same(0), .same(2))),
        summary: "Returns a map with what a lambda makes of each key and value as its value."
      )
    ) { call throws(SQLError) in
      let (lambda, key, value) = try parts(call)
      let type = call.function.returnType
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let entries = MapElements(arguments[0], key, value, rows: rows)
        let results = try apply(lambda, entries, arguments, &errors)
        return MapElements(
          keys: entries.keys,
          values: ArrayElements(ends: entries.values.ends, elements: results)
        ).maps(type, validity: validity(of: arguments[0]))
      }
    },
    ScalarOverload(
      FunctionSignature(
        "transform_keys",
        [.map(.same(0), .same(1)), .function([.same(0), .same(1)], .same(2))],
        returns: .pattern(.map(.same(2), .same(1))),
        summary: "Returns a map with what a lambda makes of each key and value as its key."
      )
    ) { call throws(SQLError) in
      let (lambda, key, value) = try parts(call)
      let type = call.function.returnType
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let entries = MapElements(arguments[0], key, value, rows: rows)
        let results = try apply(lambda, entries, arguments, &errors)
        var isValid = [UInt8](repeating: 0, count: rows.rowCount)
        rows.visit { row in
          if arguments[0].isNull(row) { return }
          do throws(SQLError) {
            try checkMapKeys(entries.keys.range(row).map { results.value($0) }, lambda.type)
            isValid[row] = 1
          } catch {
            errors.record(error.located(at: range), row: row)
          }
        }
        return MapElements(
          keys: ArrayElements(ends: entries.keys.ends, elements: results),
          values: entries.values
        ).maps(type, validity: isValid)
      }
    },
  ]

  private static func parts(_ call: ScalarCall) throws(SQLError) -> (
    lambda: CompiledLambda, key: SQLType, value: SQLType
  ) {
    let (key, value) = try call.mapTypes(0)
    return (try call.lambda(1), key, value)
  }

  private static func apply(
    _ lambda: CompiledLambda,
    _ entries: MapElements,
    _ arguments: [ColumnVector],
    _ errors: inout RowErrors
  ) throws(SQLError) -> ColumnVector {
    try lambda.evaluate(
      [entries.keys.elements, entries.values.elements],
      captured: arguments[2...],
      rows: entries.keys.rows,
      errors: &errors
    )
  }
}
