/// Puts out the rows of all inputs (UNION ALL).
public struct Union: Sendable {
  public var columns: [PlanColumn]
  public var inputs: [LogicalPlan]
  /// For each input, the columns of its output that become `columns`, of the same types.
  public var inputColumns: [[PlanColumn]]

  public init(columns: [PlanColumn], inputs: [LogicalPlan], inputColumns: [[PlanColumn]]) {
    self.columns = columns
    self.inputs = inputs
    self.inputColumns = inputColumns
  }
}
