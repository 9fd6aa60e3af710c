import ApusPlanner
import ApusValues
import ApusVectors

/// `flatten(arrays)`: the elements of the arrays in an array.
enum Flatten: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("flatten(ARRAY[ARRAY[1, 2], ARRAY[], ARRAY[3]])", "[1, 2, 3]")
    ]
  }

  static let overloads: [ScalarOverload] = [
    ScalarOverload(
      FunctionSignature(
        "flatten",
        [.array(.array(.same(0)))],
        returns: .pattern(.array(.same(0))),
        summary: "Returns the elements of all arrays in an array."
      )
    ) { call throws(SQLError) in
      let inner = try call.elementType(0)
      let type = call.function.returnType
      guard case .array(let element) = type else { throw .internal("flatten to \(type)") }
      return BatchEvaluator { arguments, rows, _ throws(SQLError) in
        let outer = arguments[0].arrayElements(inner, rows: rows)
        let parts = outer.elements.arrayElements(element, rows: .all(outer.elements.count))
        let ends = outer.ends.map { end in end == 0 ? 0 : parts.ends[Int(end) - 1] }
        return .arrays(
          ArrayElements(ends: ends, elements: parts.elements),
          type: type,
          validity: validity(of: arguments[0])
        )
      }
    }
  ]
}
