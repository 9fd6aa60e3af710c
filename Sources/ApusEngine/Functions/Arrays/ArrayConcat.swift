import ApusPlanner
import ApusValues
import ApusVectors

/// `concat(a, b, …)` and `a || b` of arrays, or of an array and an element before or behind it.
enum ArrayConcat: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("concat(ARRAY[1, 2], ARRAY[3])", "[1, 2, 3]"),
      FunctionExample("concat(ARRAY[1, 2], 3)", "[1, 2, 3]"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .picking(
      "concat",
      [.array(.same(0)), .array(.same(0))],
      isVariadic: true,
      summary: summary
    ) { picked, arguments throws(SQLError) in
      { row, output throws(SQLError) in
        for argument in arguments.indices { output.append(picked.range(argument, row)) }
      }
    },
    withElement([.array(.same(0)), .same(0)], element: 1),
    withElement([.same(0), .array(.same(0))], element: 0),
  ]

  private static let summary = "Returns the elements of one array after the other."

  /// - Parameter element: the position of the argument that is an element, which may be NULL.
  private static func withElement(
    _ parameters: [FunctionSignature.Parameter],
    element: Int
  ) -> ScalarOverload {
    ScalarOverload(
      FunctionSignature(
        "concat",
        parameters,
        returns: .pattern(.array(.same(0))),
        summary: summary
      )
    ) { call throws(SQLError) in
      let type = call.function.returnType
      let elementType = call.function.parameterTypes[element]
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        var arrays = arguments
        let ends = (0..<rows.rowCount).map { Int32(truncatingIfNeeded: $0 + 1) }
        arrays[element] = .arrays(
          ArrayElements(ends: ends, elements: arguments[element]),
          type: type
        )
        let picked = PickedElements(arrays, elementType, rows: rows)
        return pickElements(
          picked,
          to: type,
          arguments: [arguments[1 - element]],
          rows: rows,
          range: range,
          errors: &errors
        ) { row, output throws(SQLError) in
          output.append(picked.range(0, row))
          output.append(picked.range(1, row))
        }
      }
    }
  }
}
