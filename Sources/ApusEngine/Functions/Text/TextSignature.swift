import ApusPlanner
import ApusValues

extension FunctionSignature {
  /// A function that gives text of any length.
  static func text(_ name: String, _ parameters: [Parameter], _ summary: String)
    -> FunctionSignature
  {
    FunctionSignature(name, parameters, returns: .type(.text), summary: summary)
  }

  /// A function that gives text no longer than its first argument.
  static func shorterText(_ name: String, _ parameters: [Parameter], _ summary: String)
    -> FunctionSignature
  {
    FunctionSignature(name, parameters, returns: .parameter(0), summary: summary)
  }

  /// A function that gives a bigint.
  static func bigint(_ name: String, _ parameters: [Parameter], _ summary: String)
    -> FunctionSignature
  {
    FunctionSignature(name, parameters, returns: .type(.bigint), summary: summary)
  }
}
