import ApusPlanner
import ApusValues
import ApusVectors

/// `sign(x)`.
enum Sign: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("sign(-3)", "-1"),
      FunctionExample("sign(DOUBLE '-0.5')", "-1.0"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .unary(signature(.type(.tinyint))) { (x: Int8) in x.signum() },
    .unary(signature(.type(.smallint))) { (x: Int16) in x.signum() },
    .unary(signature(.type(.integer))) { (x: Int32) in x.signum() },
    .unary(signature(.type(.bigint))) { (x: Int64) in x.signum() },
    ScalarOverload(
      FunctionSignature(
        "sign",
        [.anyDecimal],
        returns: .type(.decimal(precision: 1, scale: 0)),
        summary: summary
      )
    ) { call throws(SQLError) in
      decimalEvaluator(call) { value, _ in value.signum() }
    },
    .unary(signature(.type(.real))) { (x: Float) in x > 0 ? 1 : x < 0 ? -1 : x },
    .unary(signature(.type(.double))) { (x: Double) in x > 0 ? 1 : x < 0 ? -1 : x },
  ]

  private static let summary = "Returns -1, 0 or 1; NaN for NaN."

  private static func signature(_ parameter: FunctionSignature.Parameter) -> FunctionSignature {
    FunctionSignature("sign", [parameter], returns: .parameter(0), summary: summary)
  }
}
