import ApusPlanner
import ApusValues
import ApusVectors

/// Reads a table: one cursor for each worker.
///
/// Safety: what changes is guarded by the monitor.
final class TableScanSource: BatchSource, @unchecked Sendable {
  let node: Int
  private let table: any Table
  private var request: ScanRequest
  private let monitor = Monitor()
  private var scan: Result<any TableScan, SQLError>?

  init(node: Int, table: any Table, request: ScanRequest) {
    self.node = node
    self.table = table
    self.request = request
  }

  /// How much was read and skipped so far; nil before the scan has begun.
  var metrics: ScanMetrics? {
    let scan = monitor.withLock { self.scan }
    return try? scan?.get().metrics
  }

  func makeReader(_ context: WorkerContext) throws(SQLError) -> any BatchReader {
    Reader(try prepared().makeCursor())
  }

  /// Adds a necessary condition for a column of the table's schema, unless the scan has begun.
  func narrow(_ column: Int, to domain: ColumnDomain) {
    monitor.withLock {
      guard scan == nil else { return }
      request.domains[column] = request.domains[column]?.intersection(domain) ?? domain
    }
  }

  /// Opens the table when the first worker comes, so that what earlier pipelines have found can
  /// narrow the request.
  private func prepared() throws(SQLError) -> any TableScan {
    let result = monitor.withLock { () -> Result<any TableScan, SQLError> in
      if let scan { return scan }
      let prepared: Result<any TableScan, SQLError>
      do throws(SQLError) {
        prepared = .success(try table.scan(request))
      } catch {
        prepared = .failure(error)
      }
      scan = prepared
      return prepared
    }
    return try result.get()
  }

  private final class Reader: BatchReader {
    private let cursor: any BatchCursor

    init(_ cursor: any BatchCursor) { self.cursor = cursor }

    func next() throws(SQLError) -> SourceBatch? {
      guard let batch = try cursor.next() else { return nil }
      return SourceBatch(batch: batch, morsel: 0)
    }
  }
}
