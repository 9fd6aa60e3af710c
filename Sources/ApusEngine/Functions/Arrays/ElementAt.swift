import ApusPlanner
import ApusValues
import ApusVectors

/// `element_at(array, index)`, counted from the end if negative, and `element_at(map, key)`: NULL where
/// there is no such element.
enum ElementAt: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("element_at(ARRAY['a', 'b', 'c'], -1)", "c"),
      FunctionExample("element_at(ARRAY['a'], 5)", "NULL"),
      FunctionExample("element_at(MAP(ARRAY['a'], ARRAY[1]), 'b')", "NULL"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    ScalarOverload(
      FunctionSignature(
        "element_at",
        [.array(.same(0)), .type(.bigint)],
        returns: .pattern(.same(0)),
        summary: "Returns the nth element, from the end if n is negative; NULL if there is none."
      )
    ) { call throws(SQLError) in
      let type = call.function.returnType
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        takeElements(of: arguments[0], type, at: arguments[1], rows: rows) {
          (index, count) throws(SQLError) -> Int? in
          if index == 0 { throw invalidArgument("SQL array indices start at 1") }
          if index > 0 { return index <= count ? Int(index) - 1 : nil }
          return index >= -count ? count + Int(index) : nil
        } errors: {
          errors.record($0.located(at: range), row: $1)
        }
      }
    },
    ScalarOverload(
      FunctionSignature(
        "element_at",
        [.map(.same(0), .same(1)), .same(0)],
        returns: .pattern(.same(1)),
        summary: "Returns the value of a key in a map, NULL if it is not there."
      )
    ) { call throws(SQLError) in
      guard case .map(let key, let value) = call.function.parameterTypes[0] else {
        throw .internal("element_at of \(call.function.parameterTypes[0])")
      }
      return BatchEvaluator { arguments, rows, _ throws(SQLError) in
        findEntries(of: arguments[0], key, arguments[1], rows: rows)
          .values(arguments[0].mapValues(value), value)
      }
    },
  ]
}
