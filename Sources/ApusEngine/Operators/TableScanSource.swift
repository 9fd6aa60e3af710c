import ApusPlanner
import ApusValues
import ApusVectors
import Synchronization

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
  private var keys: [ScanFilter.Keys] = []
  private var bounds: [ScanFilter.Bound] = []
  /// The columns whose domains joins have narrowed.
  private var narrowed: Set<Int> = []
  private let unmatched = Atomic<Int>(0)
  private let joinsSmallBatches: Bool

  /// - Parameter joinsSmallBatches: not so where a limit above waits for few rows.
  init(node: Int, table: any Table, request: ScanRequest, joinsSmallBatches: Bool = true) {
    self.node = node
    self.joinsSmallBatches = joinsSmallBatches
    self.table = table
    self.request = request
  }

  /// How much was read and skipped so far; nil before the scan has begun.
  var metrics: ScanMetrics? {
    let (scan, narrowed) = monitor.withLock { (self.scan, self.narrowed) }
    guard var metrics = try? scan?.get().metrics else { return nil }
    let names = Set(narrowed.map { table.schema.fields[$0].name })
    for index in metrics.domains.indices {
      metrics.domains[index].isNarrowedByJoin = names.contains(metrics.domains[index].column)
    }
    metrics.rowsUnmatched = unmatched.load(ordering: .relaxed)
    return metrics
  }

  func makeReader(_ context: WorkerContext) throws(SQLError) -> any BatchReader {
    let cursor = try prepared().makeCursor()
    guard let filter = monitor.withLock({ completeFilter }) else { return Reader(cursor) }
    let run = ScanFilterRun(
      filter,
      columnCount: request.columns.count,
      profile: context.profile
    )
    // A filter above joins batches itself.
    let joinsBatches = joinsSmallBatches && filter.node == node
    return FilteringReader(
      self,
      cursor,
      run,
      profile: context.profile,
      target: joinsBatches ? context.batchCapacity / 2 : 0
    )
  }

  /// The filter of the plan with what joins and limits above say; nil if nothing is said.
  private var completeFilter: ScanFilter? {
    if filter == nil, keys.isEmpty, bounds.isEmpty { return nil }
    var complete = filter ?? ScanFilter(node: node, output: Array(request.columns.indices))
    complete.keys = keys
    complete.bounds = bounds
    return complete
  }

  /// Adds what a limit above will find of a column of the table's schema: rows that cannot be among
  /// the first ones need not be put out. Before the query runs.
  func keepRows(of column: Int, within bound: SortBound) {
    monitor.withLock {
      guard let position = request.columns.firstIndex(of: column) else { return }
      bounds.append(ScanFilter.Bound(column: position, bound: bound))
    }
  }

  /// Adds the keys that a join will find for a column of the table's schema: rows with others need
  /// not be put out.
  func keepRows(of column: Int, among filter: KeyFilter) {
    monitor.withLock {
      guard scan == nil, let position = request.columns.firstIndex(of: column) else { return }
      let type = table.schema.fields[column].type
      keys.append(ScanFilter.Keys(column: position, type: type, filter: filter))
    }
  }

  /// Makes the filter above part of the scan, before the query runs.
  func run(_ filter: ScanFilter) { monitor.withLock { self.filter = filter } }

  /// Adds a necessary condition for a column of the table's schema, unless the scan has begun.
  func narrow(_ column: Int, to domain: ColumnDomain) {
    monitor.withLock {
      guard scan == nil else { return }
      narrowed.insert(column)
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
        request.placeConditions = placeConditions
        prepared = .success(try table.scan(request))
      } catch {
        prepared = .failure(error)
      }
      scan = prepared
      return prepared
    }
    return try result.get()
  }

  /// Those conjuncts of the filter that are about where rows lie alone.
  private var placeConditions: [PlaceCondition] {
    let places = table.partitionColumns
    let types = request.columns.map { table.schema.fields[$0].type }
    return (filter?.conjuncts ?? []).compactMap { conjunct in
      let columns = conjunct.columns.map { request.columns[$0] }
      guard conjunct.isDeterministic, !columns.isEmpty, columns.allSatisfy(places.contains) else {
        return nil
      }
      return PlaceCondition(columns: columns) { conjunct.mayHold($0, types: types) }
    }
  }

  private final class Reader: BatchReader {
    private let cursor: any BatchCursor

    init(_ cursor: any BatchCursor) { self.cursor = cursor }

    func next() throws(SQLError) -> SourceBatch? {
      guard let batch = try cursor.next() else { return nil }
      return SourceBatch(batch: batch, morsel: 0)
    }
  }
  /// Reads what passes the filter. Batches that shrink to a fraction may be joined.
  private final class FilteringReader: BatchReader {
    private let source: TableScanSource
    private let cursor: any BatchCursor
    private let filter: ScanFilterRun
    private let profile: WorkerProfile
    private let target: Int
    private var held: [Batch] = []
    private var heldRowCount = 0

    /// - Parameter target: rows of a batch that goes on at once; 0 lets all through.
    init(
      _ source: TableScanSource,
      _ cursor: any BatchCursor,
      _ filter: ScanFilterRun,
      profile: WorkerProfile,
      target: Int
    ) {
      self.source = source
      self.cursor = cursor
      self.filter = filter
      self.profile = profile
      self.target = target
    }

    func next() throws(SQLError) -> SourceBatch? {
      guard let batch = try cursor.next(where: filter) else {
        return heldRowCount > 0 ? release() : nil
      }
      // Those kept are counted on their way out.
      let dropped = filter.counts.read - filter.counts.kept
      profile.count(rows: dropped, batches: batch.rowCount == 0 ? 1 : 0, from: source.node)
      source.unmatched.add(filter.counts.unmatched, ordering: .relaxed)
      if batch.rowCount == 0 || batch.rowCount >= target && held.isEmpty {
        return SourceBatch(batch: batch, morsel: 0)
      }
      held.append(batch)
      heldRowCount += batch.rowCount
      return heldRowCount >= target ? release() : SourceBatch(batch: batch.slice(0..<0), morsel: 0)
    }

    private func release() -> SourceBatch {
      let batch = Batch.concatenated(held)
      held = []
      heldRowCount = 0
      return SourceBatch(batch: batch, morsel: 0)
    }
  }
}
