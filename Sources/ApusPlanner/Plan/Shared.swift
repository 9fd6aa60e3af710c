/// The rows of a subplan that a plan needs more than once and computes once.
///
/// Each place that needs them has a node of its own with columns of its own; the nodes of one `id`
/// have the same input.
public struct Shared: Sendable {
  /// Tells the subplans of one plan apart; from 1.
  public var id: Int
  public var input: LogicalPlan
  /// The columns put out.
  public var columns: [PlanColumn]
  /// For each of `columns`, the column of the input's output that it is.
  public var sources: [PlanColumn]
  /// Whether the input is shown and counted below this node, the first of its `id` in pre-order.
  public var isFirst: Bool

  public init(
    id: Int,
    input: LogicalPlan,
    columns: [PlanColumn],
    sources: [PlanColumn],
    isFirst: Bool
  ) {
    self.id = id
    self.input = input
    self.columns = columns
    self.sources = sources
    self.isFirst = isFirst
  }
}
