/// Computes each output column from the input's columns.
public struct Project: Sendable {
  public struct Assignment: Sendable {
    public var column: PlanColumn
    public var expression: Expression

    public init(column: PlanColumn, expression: Expression) {
      self.column = column
      self.expression = expression
    }
  }

  public var input: LogicalPlan
  public var assignments: [Assignment]

  public init(input: LogicalPlan, assignments: [Assignment]) {
    self.input = input
    self.assignments = assignments
  }
}
