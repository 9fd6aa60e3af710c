/// Puts out each row once for each element of its arrays or entry of its maps, several side by side.
///
/// The longest decides how often; shorter ones give NULLs. NULL is as good as empty.
public struct Unnest: Sendable {
  /// An array or a map, and the columns that its elements fill: one, or one per field of a row, or
  /// key and value.
  public struct Source: Sendable {
    public var expression: Expression
    public var columns: [PlanColumn]

    public init(_ expression: Expression, columns: [PlanColumn]) {
      self.expression = expression
      self.columns = columns
    }
  }

  public var input: LogicalPlan
  public var sources: [Source]
  /// Receives the number of the element, a bigint that counts from 1.
  public var ordinality: PlanColumn?
  /// Whether a row without elements is put out once, with NULLs.
  public var isOuter: Bool

  public init(
    input: LogicalPlan,
    sources: [Source],
    ordinality: PlanColumn?,
    isOuter: Bool = false
  ) {
    self.input = input
    self.sources = sources
    self.ordinality = ordinality
    self.isOuter = isOuter
  }

  /// The columns that are not the input's.
  public var added: [PlanColumn] {
    sources.flatMap(\.columns) + (ordinality.map { [$0] } ?? [])
  }
}
