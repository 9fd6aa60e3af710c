/// Puts out the input's only row, or one of NULLs if it has none; a scalar subquery.
///
/// More than one row is the error SUBQUERY_MULTIPLE_ROWS.
public struct EnforceSingleRow: Sendable {
  public var input: LogicalPlan

  public init(input: LogicalPlan) { self.input = input }
}
