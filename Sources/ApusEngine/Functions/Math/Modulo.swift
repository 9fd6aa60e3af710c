import ApusPlanner
import ApusValues
import ApusVectors

/// `mod(n, m)`: the operator `%` as a function.
enum Modulo: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("mod(7, 3)", "1"),
      FunctionExample("mod(-7, 3)", "-1"),
    ]
  }

  static let overloads: [ScalarOverload] =
    [SQLType.tinyint, .smallint, .integer, .bigint].map { overload(.type($0), .parameter(0)) }
    + [
      overload(
        .anyDecimal,
        .computed { types in
          guard case .decimal(let p1, let s1) = types[0], case .decimal(let p2, let s2) = types[1]
          else { return .unknown }
          let scale = max(s1, s2)
          return .decimal(precision: min(38, min(p1 - s1, p2 - s2) + scale), scale: scale)
        }
      ),
      overload(.type(.real), .parameter(0)),
      overload(.type(.double), .parameter(0)),
    ]

  private static func overload(
    _ parameter: FunctionSignature.Parameter,
    _ result: FunctionSignature.Result
  ) -> ScalarOverload {
    ScalarOverload(
      FunctionSignature(
        "mod",
        [parameter, parameter],
        returns: result,
        summary: "Returns the remainder of n divided by m, with the sign of n."
      )
    ) { call throws(SQLError) in
      let types = call.function.parameterTypes
      let kernel = try ArithmeticOperation(
        op: .modulo,
        left: types[0],
        right: types[1],
        result: call.function.returnType,
        range: call.range
      ).kernel()
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        try kernel(arguments[0], arguments[1], rows, &errors)
      }
    }
  }
}
