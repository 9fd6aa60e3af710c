import ApusPlanner
import ApusValues
import ApusVectors

/// `date(x)`: the same as `CAST(x AS date)`.
enum DateConversion: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("date('2024-02-29')", "2024-02-29"),
      FunctionExample("date(TIMESTAMP '2024-02-29 23:59:59')", "2024-02-29"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    FunctionSignature.Parameter.type(.date), .anyTimestamp, .anyZonedTimestamp, .anyVarchar,
  ].map { parameter in
    ScalarOverload(
      FunctionSignature(
        "date",
        [parameter],
        returns: .type(.date),
        summary: "Converts a text or timestamp to a date."
      )
    ) { call throws(SQLError) in
      let kernel = try CastOperation(
        from: call.function.parameterTypes[0],
        to: .date,
        range: call.range
      ).kernel()
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        try kernel(arguments[0], rows, &errors)
      }
    }
  }
}
