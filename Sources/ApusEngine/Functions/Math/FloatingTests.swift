import ApusPlanner
import ApusValues
import ApusVectors

/// `is_nan(x)`, `is_finite(x)`, `is_infinite(x)`.
enum FloatingTests: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("is_finite(1 / DOUBLE '0')", "false"),
      FunctionExample("is_infinite(-infinity())", "true"),
      FunctionExample("is_nan(sqrt(-1))", "true"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .unary(signature("is_finite", .double, "is finite")) { (x: Double) in bit(x.isFinite) },
    .unary(signature("is_infinite", .double, "is infinite")) { (x: Double) in bit(x.isInfinite) },
    .unary(signature("is_nan", .real, "is NaN")) { (x: Float) in bit(x.isNaN) },
    .unary(signature("is_nan", .double, "is NaN")) { (x: Double) in bit(x.isNaN) },
  ]

  private static func signature(_ name: String, _ type: SQLType, _ what: String)
    -> FunctionSignature
  {
    FunctionSignature(
      name,
      [.type(type)],
      returns: .type(.boolean),
      summary: "Returns whether the number \(what)."
    )
  }
}
