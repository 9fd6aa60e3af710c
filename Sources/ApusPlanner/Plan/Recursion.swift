public import ApusValues
public import ApusVectors

/// Puts out the rows of a query, then what a step makes of them, then what it makes of those, and so on
/// until a step puts out nothing (WITH RECURSIVE).
public struct Recursion: Sendable {
  /// Tells the recursions of a statement apart.
  public var id: Int
  public var columns: [PlanColumn]
  /// Puts out the rows to begin with.
  public var anchor: LogicalPlan
  /// Reads the rows before from scans of a `WorkingTable` of this `id`.
  public var step: LogicalPlan
  /// The columns of the anchor's output that become `columns`, of the same types.
  public var anchorColumns: [PlanColumn]
  public var stepColumns: [PlanColumn]
  /// How many steps may put out rows.
  public var maximumDepth: Int

  public init(
    id: Int,
    columns: [PlanColumn],
    anchor: LogicalPlan,
    anchorColumns: [PlanColumn],
    step: LogicalPlan,
    stepColumns: [PlanColumn],
    maximumDepth: Int
  ) {
    self.id = id
    self.columns = columns
    self.anchor = anchor
    self.anchorColumns = anchorColumns
    self.step = step
    self.stepColumns = stepColumns
    self.maximumDepth = maximumDepth
  }
}

/// The rows that a step of a recursion begins with; the engine reads them from memory.
public struct WorkingTable: Table {
  /// The recursion's.
  public let id: Int
  public let schema: Schema
  /// Whether it has the rows of all steps, instead of the last one's.
  public let hasAllRows: Bool

  init(id: Int, schema: Schema, hasAllRows: Bool) {
    self.id = id
    self.schema = schema
    self.hasAllRows = hasAllRows
  }

  public func statistics(for domains: [Int: ColumnDomain]) -> TableStatistics {
    TableStatistics(rowCount: WorkingTable.likelyRowCount)
  }

  /// How many rows a step is taken to begin with: fewer than tables have.
  private static let likelyRowCount = 1000

  public func scan(_ request: ScanRequest) throws(SQLError) -> any TableScan {
    throw .internal("a scan of the working table of a recursion")
  }
}
