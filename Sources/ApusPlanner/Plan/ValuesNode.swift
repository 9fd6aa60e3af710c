/// Puts out rows that the statement wrote down; no columns and one row for a SELECT without FROM.
public struct ValuesNode: Sendable {
  public var columns: [PlanColumn]
  /// Constant expressions, each row as wide as `columns`.
  public var rows: [[Expression]]

  public init(columns: [PlanColumn], rows: [[Expression]]) {
    self.columns = columns
    self.rows = rows
  }
}
