import ApusPlanner
import ApusValues

/// `current_user`: what SQL writes without parentheses is bound to a call without arguments.
enum CurrentUser: ScalarFunction {
  static let overloads: [ScalarOverload] = [
    .constant(
      FunctionSignature(
        "current_user",
        [],
        returns: .type(.text),
        summary: "Returns the name of the user who runs the query."
      )
    ) { settings in .text(settings.user) }
  ]
}
