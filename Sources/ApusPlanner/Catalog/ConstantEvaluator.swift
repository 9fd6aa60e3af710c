public import ApusValues

/// What computes constants for the planner, which runs no functions itself.
public protocol ConstantEvaluator: Sendable {
  /// Returns the value of an expression without columns, nil if computing it fails: what fails is
  /// left to the rows that ask for it.
  func value(of expression: Expression) -> Value?
}
