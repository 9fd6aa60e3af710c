public import ApusValues
public import ApusVectors

// What a table is, before anyone knows how it is read. Everything here may block on I/O and is
// called from threads of our own, never from a Task.

/// A relation that can be scanned.
public protocol Table: Sendable {
  /// The columns, partition columns last, and among these the hidden ones.
  var schema: Schema { get }

  /// How many columns, the last ones, a statement sees only if it names them.
  var hiddenColumnCount: Int { get }

  /// What tables of one statement share that hold the same rows; nil if that cannot be told.
  var identity: String? { get }

  /// Returns what is known, without reading data, of the rows that `domains` leave.
  ///
  /// - Parameter domains: conditions by position in the schema; what they rule out is not looked at.
  func statistics(for domains: [Int: ColumnDomain]) -> TableStatistics

  /// Whether rows lie in groups that a scan can leave out by chance.
  var hasRowGroups: Bool { get }

  /// The columns whose values follow from where rows lie, so that they need not be read.
  var partitionColumns: Range<Int> { get }

  /// Returns the table with rows put together where statistics may answer for them, columns as
  /// `SummaryLayout` says; nil if they hardly will.
  func summarized(_ request: SummaryRequest) -> (any Table)?

  /// Prepares to read; prunes what the request's domains rule out.
  func scan(_ request: ScanRequest) throws(SQLError) -> any TableScan
}

extension Table {
  /// The columns that `*` stands for.
  public var visibleFields: [Field] { Array(schema.fields.dropLast(hiddenColumnCount)) }

  public var hiddenColumnCount: Int { 0 }
  public var identity: String? { nil }
  public var hasRowGroups: Bool { false }
  public var partitionColumns: Range<Int> { schema.fields.count..<schema.fields.count }

  public func summarized(_ request: SummaryRequest) -> (any Table)? { nil }
}

/// What is known of a table's size.
public struct TableStatistics: Sendable {
  /// Rows, exact or estimated; nil if unknown.
  public var rowCount: Int?
  /// By position in the schema.
  public var columns: [Int: ColumnStatistics]

  public init(rowCount: Int? = nil, columns: [Int: ColumnStatistics] = [:]) {
    self.rowCount = rowCount
    self.columns = columns
  }
}

/// What is known of a column's values.
public struct ColumnStatistics: Sendable {
  public var distinctCount: Int?
  public var minimum: Value?
  public var maximum: Value?
  public var nullCount: Int?
  /// Bytes of all texts together.
  public var byteCount: Int?

  public init(
    distinctCount: Int? = nil,
    minimum: Value? = nil,
    maximum: Value? = nil,
    nullCount: Int? = nil,
    byteCount: Int? = nil
  ) {
    self.distinctCount = distinctCount
    self.minimum = minimum
    self.maximum = maximum
    self.nullCount = nullCount
    self.byteCount = byteCount
  }
}

/// What a plan wants of a table.
public struct ScanRequest: Sendable {
  /// Positions in the schema, in the order wanted; may be empty when only rows count.
  public var columns: [Int]
  /// Necessary conditions by position in the schema; the filter itself runs above the scan.
  public var domains: [Int: ColumnDomain]
  /// Necessary conditions on columns that follow from where rows lie, beyond what domains say.
  public var placeConditions: [PlaceCondition] = []
  /// Rows that suffice, if the plan knows.
  public var limit: Int?
  /// The share of row groups to read, each by chance; nil for all.
  public var sampledFraction: Double?
  /// Rows of a batch.
  public var batchCapacity: Int

  public init(
    columns: [Int],
    domains: [Int: ColumnDomain] = [:],
    limit: Int? = nil,
    sampledFraction: Double? = nil,
    batchCapacity: Int = Batch.defaultCapacity
  ) {
    self.columns = columns
    self.domains = domains
    self.limit = limit
    self.sampledFraction = sampledFraction
    self.batchCapacity = batchCapacity
  }
}

/// A condition on columns whose values follow from where rows lie, such as `"$path" LIKE '%/2024/%'`.
public struct PlaceCondition: Sendable {
  /// Positions in the schema.
  public var columns: [Int]
  /// Whether rows may count that have these values in the columns.
  public var mayHold: @Sendable ([Value]) -> Bool

  public init(columns: [Int], mayHold: @escaping @Sendable ([Value]) -> Bool) {
    self.columns = columns
    self.mayHold = mayHold
  }
}

/// A prepared scan: hands each worker a cursor; the cursors share the morsels between them.
public protocol TableScan: Sendable {
  /// How much was read and skipped so far.
  var metrics: ScanMetrics { get }

  /// Makes the cursor of one worker.
  func makeCursor() throws(SQLError) -> any BatchCursor
}

/// One worker's way through a scan.
public protocol BatchCursor: AnyObject {
  /// Returns the next batch of at least one row, or nil at the end.
  func next() throws(SQLError) -> Batch?

  /// Returns those of the next rows that a filter keeps, which may be none, with the columns that it
  /// puts out, or nil at the end.
  ///
  /// The filter is asked once for each batch; columns that it does not ask for need to be read only
  /// for the rows that it keeps.
  func next(where filter: any VectorFilter) throws(SQLError) -> Batch?
}

extension BatchCursor {
  /// Reads all columns of all rows first.
  public func next(where filter: any VectorFilter) throws(SQLError) -> Batch? {
    guard let batch = try next() else { return nil }
    let selection = try filter.select(batch.rowCount) { batch.columns[$0] }
    return Batch(columns: filter.output.map { batch.columns[$0] }, rowCount: batch.rowCount)
      .select(selection)
  }
}

/// What a scan has done, for EXPLAIN ANALYZE and for showing progress.
public struct ScanMetrics: Sendable, Equatable {
  public var filesRead = 0
  public var filesPruned = 0
  public var rowGroupsRead = 0
  public var rowGroupsPruned = 0
  /// Row groups that were not read because their statistics were all that was asked for.
  public var rowGroupsSummarized = 0
  public var bytesRead = 0
  /// Rows that were not put out because joins above have no such keys; set by the engine.
  public var rowsUnmatched = 0
  /// Row groups that have been read to their end.
  public var rowGroupsDone = 0
  /// Row groups to read in all: an estimate while there are files that have not been opened.
  public var rowGroupsExpected = 0
  /// Partitions that the predicates left, of all; nil where a table declares none.
  public var partitionsRead: Int?
  public var partitionCount: Int?
  /// Rows of row groups that were read in part only, in pages that were left out.
  public var rowsPruned = 0
  /// What came of each column's domain, in the order of the table's columns.
  public var domains: [DomainMetrics] = []

  public init() {}
}

/// What a scan could leave out by the domain of one column.
///
/// A piece that several domains rule out counts for the first of them.
public struct DomainMetrics: Sendable, Equatable {
  /// Why a domain left nothing out.
  public enum Obstacle: String, Sendable {
    case noStatistics = "no statistics"
    case incomparable = "types do not compare"
    case overlap = "values are everywhere"
  }

  /// The column's name.
  public var column: String
  /// Whether the keys of a join have narrowed the domain; set by the engine.
  public var isNarrowedByJoin = false
  /// Files of other partitions, or such partitions themselves where a table declares them.
  public var prunedByPartition = 0
  public var rowGroupsByStatistics = 0
  public var rowGroupsByPageIndex = 0
  public var rowGroupsByDictionary = 0
  public var rowGroupsByBloomFilter = 0
  /// Of the row groups that were read in part: their pages of this column, and those left out.
  public var pageCount = 0
  public var pagesPruned = 0
  /// Nil as long as nothing stands in the way.
  public var obstacle: Obstacle?

  public init(column: String) { self.column = column }
}
