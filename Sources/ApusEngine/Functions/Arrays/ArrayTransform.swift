import ApusPlanner
import ApusValues
import ApusVectors

/// `transform(array, x -> …)`: the array of what the lambda makes of each element.
enum ArrayTransform: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("transform(ARRAY[1, 2, NULL], x -> x * 10)", "[10, 20, null]")
    ]
  }

  static let overloads: [ScalarOverload] = [
    ScalarOverload(
      FunctionSignature(
        "transform",
        [.array(.same(0)), .function([.same(0)], .same(1))],
        returns: .pattern(.array(.same(1))),
        summary: "Returns the array of what a lambda makes of each element."
      )
    ) { call throws(SQLError) in
      let lambda = try call.lambda(1)
      let element = try call.elementType(0)
      let type = call.function.returnType
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let parts = arguments[0].arrayElements(element, rows: rows)
        let results = try lambda.evaluate(
          [parts.elements],
          captured: arguments[2...],
          rows: parts.rows,
          errors: &errors
        )
        return .arrays(
          ArrayElements(ends: parts.ends, elements: results),
          type: type,
          validity: validity(of: arguments[0])
        )
      }
    }
  ]
}

extension ScalarCall {
  /// The lambda at a position.
  func lambda(_ position: Int) throws(SQLError) -> CompiledLambda {
    guard let lambda = lambdas[position] else {
      throw .internal("\(function.name) without its lambda")
    }
    return lambda
  }

  /// The type of the elements of an argument that is an array.
  func elementType(_ position: Int) throws(SQLError) -> SQLType {
    guard case .array(let element) = function.parameterTypes[position] else {
      throw .internal("\(function.name) of \(function.parameterTypes[position])")
    }
    return element
  }
}
