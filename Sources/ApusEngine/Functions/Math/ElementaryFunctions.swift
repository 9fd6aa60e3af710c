import ApusPlanner
import ApusValues
import ApusVectors

/// `sqrt(x)`, `sin(x)`, … and the other functions of doubles that cannot fail.
enum ElementaryFunctions: ScalarFunction {
  static let overloads: [ScalarOverload] =
    Elementary.all.map { function in
      .unary(signature(function.name, 1, function.summary), function.function)
    } + [
      .unary(signature("sqrt", 1, "Returns the square root.")) { (x: Double) in x.squareRoot() },
      .binary(signature("atan2", 2, "Returns the angle of the point (x, y) in radians.")) {
        (y: Double, x: Double) in Elementary.arcTangent(y, x)
      },
      .binary(signature("log", 2, "Returns the logarithm of x to base b.")) {
        (base: Double, x: Double) in Elementary.logarithm(base: base, x)
      },
      .binary(signature("power", 2, "Returns x to the power of p.")) {
        (x: Double, p: Double) in raise(x, to: p)
      },
      .binary(signature("pow", 2, "Returns x to the power of p.")) {
        (x: Double, p: Double) in raise(x, to: p)
      },
    ]

  private static func signature(_ name: String, _ count: Int, _ summary: String)
    -> FunctionSignature
  {
    FunctionSignature(
      name,
      Array(repeating: .type(.double), count: count),
      returns: .type(.double),
      summary: summary
    )
  }
}
