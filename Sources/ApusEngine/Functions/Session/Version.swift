import ApusPlanner
import ApusValues

/// `version()`.
enum Version: ScalarFunction {
  static let overloads: [ScalarOverload] = [
    .constant(
      FunctionSignature(
        "version",
        [],
        returns: .type(.text),
        summary: "Returns the version of Apus."
      )
    ) { _ in .text(apusVersion) }
  ]
}
