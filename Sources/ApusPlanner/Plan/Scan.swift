public import ApusVectors

/// Reads columns of a table.
public struct Scan: Sendable {
  public var table: any Table
  /// The name that the statement gave, for plans and errors.
  public var name: String
  /// The columns put out.
  public var output: [PlanColumn]
  /// For each of `output`, its position in the table's schema.
  public var sourceIndices: [Int]
  /// What filters above allow columns to be, by position in the schema; only for skipping.
  public var domains: [Int: ColumnDomain]
  /// How many rows suffice, where a limit above says so.
  public var limit: Int?
  /// The share of its row groups that is read, each by chance; nil if all are.
  public var sampledFraction: Double?

  public init(table: any Table, name: String, output: [PlanColumn], sourceIndices: [Int]) {
    self.table = table
    self.name = name
    self.output = output
    self.sourceIndices = sourceIndices
    domains = [:]
    limit = nil
    sampledFraction = nil
  }
}
