import ApusPlanner
import ApusValues

/// `pi()`, `e()`, `infinity()`, `nan()`.
enum FloatingConstants: ScalarFunction {
  static let overloads: [ScalarOverload] = [
    overload("e", 2.718281828459045, "Returns Euler's number."),
    overload("infinity", .infinity, "Returns positive infinity."),
    overload("nan", .nan, "Returns what is not a number."),
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
