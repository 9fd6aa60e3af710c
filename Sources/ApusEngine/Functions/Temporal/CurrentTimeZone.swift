import ApusPlanner
import ApusValues

/// `current_timezone()`: what the clock of a query goes by.
enum CurrentTimeZone: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("current_timezone()", "UTC")
    ]
  }

  static let overloads: [ScalarOverload] = [
    .constant(
      FunctionSignature(
        "current_timezone",
        [],
        returns: .type(.text),
        summary: "Returns the time zone of the session, which is UTC."
      )
    ) { _ in .text("UTC") }
  ]
}
