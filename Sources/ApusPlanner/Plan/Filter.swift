/// Keeps the rows for which a boolean expression is true.
public struct Filter: Sendable {
  public var input: LogicalPlan
  public var predicate: Expression

  public init(input: LogicalPlan, predicate: Expression) {
    self.input = input
    self.predicate = predicate
  }
}
