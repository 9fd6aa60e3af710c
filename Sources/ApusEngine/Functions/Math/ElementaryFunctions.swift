import ApusPlanner
import ApusValues
import ApusVectors

/// `sqrt(x)`, `sin(x)`, … and the other functions of doubles that cannot fail.
enum ElementaryFunctions: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("round(acos(-1), 4)", "3.1416"),
      FunctionExample("acos(2)", "NaN"),
      FunctionExample("round(asin(1), 4)", "1.5708"),
      FunctionExample("round(atan(1), 4)", "0.7854"),
      FunctionExample("cbrt(-27)", "-3.0"),
      FunctionExample("cos(0)", "1.0"),
      FunctionExample("cosh(0)", "1.0"),
      FunctionExample("degrees(pi())", "180.0"),
      FunctionExample("exp(0)", "1.0"),
      FunctionExample("round(ln(10), 4)", "2.3026"),
      FunctionExample("ln(0)", "-Infinity"),
      FunctionExample("log10(1000)", "3.0"),
      FunctionExample("log2(8)", "3.0"),
      FunctionExample("round(radians(180), 4)", "3.1416"),
      FunctionExample("round(sin(radians(30)), 4)", "0.5"),
      FunctionExample("sinh(0)", "0.0"),
      FunctionExample("round(tan(pi() / 4), 4)", "1.0"),
      FunctionExample("tanh(0)", "0.0"),
      FunctionExample("sqrt(2)", "1.4142135623730951"),
      FunctionExample("sqrt(-1)", "NaN"),
      FunctionExample("round(atan2(1, -1), 4)", "2.3562"),
      FunctionExample("log(2, 1024)", "10.0"),
      FunctionExample("power(2, 10)", "1024.0"),
      FunctionExample("pow(9, 0.5)", "3.0"),
    ]
  }

  static let overloads: [ScalarOverload] =
    Elementary.all.map { function in
      .unary(signature(function.name, 1, function.summary), function.function)
    } + [
      .unary(
        signature(
          "sqrt",
          1,
          """
          Returns the square root; NaN below 0.
          """
        )
      ) { (x: Double) in x.squareRoot() },
      .binary(
        signature("atan2", 2, "Returns the angle of a point in radians, from its y and its x.")
      ) {
        (y: Double, x: Double) in Elementary.arcTangent(y, x)
      },
      .binary(signature("log", 2, "Returns the logarithm to a base, the first argument.")) {
        (base: Double, x: Double) in Elementary.logarithm(base: base, x)
      },
      .binary(signature("power", 2, "Returns the first argument to the power of the second.")) {
        (x: Double, p: Double) in raise(x, to: p)
      },
      .binary(signature("pow", 2, "Returns the first argument to the power of the second.")) {
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
