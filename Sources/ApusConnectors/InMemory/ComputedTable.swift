public import ApusPlanner
public import ApusValues
public import ApusVectors
import Synchronization

/// A table whose rows are computed when a statement asks for them, such as `information_schema`'s.
public struct ComputedTable: Table {
  public let schema: Schema
  private let rows: @Sendable ([Int: ColumnDomain]) throws(SQLError) -> [[Value]]

  /// - Parameter rows: gives the rows, each as long as the schema; may leave out those that the
  ///   domains, by position in the schema, rule out.
  public init(
    _ schema: Schema,
    rows: @escaping @Sendable ([Int: ColumnDomain]) throws(SQLError) -> [[Value]]
  ) {
    self.schema = schema
    self.rows = rows
  }

  public func statistics(for domains: [Int: ColumnDomain]) -> TableStatistics { TableStatistics() }

  public func scan(_ request: ScanRequest) throws(SQLError) -> any TableScan {
    ComputedScan(schema: schema, request: request, rows: try rows(request.domains))
  }
}

/// Rows that one of the cursors hands out.
private final class ComputedScan: TableScan {
  private let schema: Schema
  private let request: ScanRequest
  private let rows: Mutex<ArraySlice<[Value]>>

  init(schema: Schema, request: ScanRequest, rows: [[Value]]) {
    self.schema = schema
    self.request = request
    self.rows = Mutex(rows[...])
  }

  var metrics: ScanMetrics { ScanMetrics() }

  func makeCursor() throws(SQLError) -> any BatchCursor { Cursor(self) }

  /// Takes the next rows; nil if there are none left.
  func next() -> Batch? {
    let taken = rows.withLock { rows in
      let taken = rows.prefix(request.batchCapacity)
      rows = rows.dropFirst(taken.count)
      return taken
    }
    guard !taken.isEmpty else { return nil }
    let columns = request.columns.map { column in
      let builder = VectorBuilder(type: schema.fields[column].type, capacity: taken.count)
      for (row, values) in taken.enumerated() { builder.set(row, values[column]) }
      return builder.finish(count: taken.count)
    }
    return Batch(columns: columns, rowCount: taken.count)
  }

  private final class Cursor: BatchCursor {
    private let scan: ComputedScan

    init(_ scan: ComputedScan) { self.scan = scan }

    func next() throws(SQLError) -> Batch? { scan.next() }
  }
}
