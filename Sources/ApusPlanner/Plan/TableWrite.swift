/// Writes the input's rows to a target and puts out one row: how many there were.
///
/// An order of the input is kept within what each worker writes.
public struct TableWrite: Sendable {
  public var input: LogicalPlan
  public var target: any TableWriteTarget
  /// The columns of the input that are written, in the order of the target's.
  public var columns: [PlanColumn]
  /// The number of rows written, a bigint.
  public var rowCount: PlanColumn

  public init(
    input: LogicalPlan,
    target: any TableWriteTarget,
    columns: [PlanColumn],
    rowCount: PlanColumn
  ) {
    self.input = input
    self.target = target
    self.columns = columns
    self.rowCount = rowCount
  }
}
