import ApusPlanner
import ApusValues

/// `version()`.
enum Version: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("version() LIKE '%.%.%'", "true")
    ]
  }

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
