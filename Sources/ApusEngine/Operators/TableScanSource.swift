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
  private var filter: ScanFilter?

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
    let cursor = try prepared().makeCursor()
    let (filter, columnCount) = monitor.withLock { (self.filter, request.columns.count) }
    guard let filter else { return Reader(cursor) }
    let run = ScanFilterRun(filter, columnCount: columnCount, profile: context.profile)
    return FilteringReader(cursor, run, node: node, profile: context.profile)
  }

  /// Makes the filter above part of the scan, before the query runs.
  func run(_ filter: ScanFilter) { monitor.withLock { self.filter = filter } }

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
  private final class FilteringReader: BatchReader {
    private let cursor: any BatchCursor
    private let filter: ScanFilterRun
    private let node: Int
    private let profile: WorkerProfile

    init(
      _ cursor: any BatchCursor,
      _ filter: ScanFilterRun,
      node: Int,
      profile: WorkerProfile
    ) {
      self.cursor = cursor
      self.filter = filter
      self.node = node
      self.profile = profile
    }

    func next() throws(SQLError) -> SourceBatch? {
      guard let batch = try cursor.next(where: filter) else { return nil }
      // Those kept are counted on their way out.
      let dropped = filter.counts.read - filter.counts.kept
      profile.count(rows: dropped, batches: batch.rowCount == 0 ? 1 : 0, from: node)
      return SourceBatch(batch: batch, morsel: 0)
    }
  }
}
