import ApusPlanner
import ApusValues

/// `pi()`, `e()`, `infinity()`, `nan()`.
enum FloatingConstants: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("e()", "2.718281828459045"),
      FunctionExample("infinity()", "Infinity"),
      FunctionExample("nan() = nan()", "false"),
      FunctionExample("pi()", "3.141592653589793"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    overload("e", 2.718281828459045, "Returns Euler's number."),
    overload("infinity", .infinity, "Returns positive infinity."),
    overload("nan", .nan, "Returns NaN, what is not a number."),
    overload("pi", .pi, "Returns the ratio of a circle's circumference to its diameter."),
  ]

  private static func overload(_ name: String, _ value: Double, _ summary: String)
    -> ScalarOverload
  {
    .constant(FunctionSignature(name, [], returns: .type(.double), summary: summary)) { _ in
      .double(value)
    }
  }
}
