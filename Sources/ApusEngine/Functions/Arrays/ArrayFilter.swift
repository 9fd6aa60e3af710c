import ApusPlanner
import ApusValues
import ApusVectors

/// `filter(array, x -> …)`: the elements for which the lambda is true.
enum ArrayFilter: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("filter(ARRAY[5, -6, NULL, 7], x -> x > 0)", "[5, 7]")
    ]
  }

  static let overloads: [ScalarOverload] = [
    ScalarOverload(
      FunctionSignature(
        "filter",
        [.array(.same(0)), .function([.same(0)], .type(.boolean))],
        returns: .pattern(.array(.same(0))),
        summary: "Returns the elements for which a lambda is true."
      )
    ) { call throws(SQLError) in
      let lambda = try call.lambda(1)
      let element = try call.elementType(0)
      let type = call.function.returnType
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let parts = arguments[0].arrayElements(element, rows: rows)
        let isWanted = try lambda.evaluate(
          [parts.elements],
          captured: arguments[2...],
          rows: parts.rows,
          errors: &errors
        )
        let kept = Selection.all(parts.elements.count).intersection(whereTrue: isWanted)
        return .arrays(parts.keeping(kept), type: type, validity: validity(of: arguments[0]))
      }
    }
  ]
}

extension ArrayElements {
  /// The arrays of those elements alone that are selected.
  func keeping(_ kept: Selection) -> ArrayElements {
    guard let indices = kept.indices else { return self }
    var newEnds: [Int32] = []
    newEnds.reserveCapacity(ends.count)
    var position = 0
    for end in ends {
      while position < indices.count, indices[position] < end { position += 1 }
      newEnds.append(Int32(truncatingIfNeeded: position))
    }
    return ArrayElements(
      ends: newEnds,
      elements: indices.withUnsafeBufferPointer { elements.gather($0) }
    )
  }
}
