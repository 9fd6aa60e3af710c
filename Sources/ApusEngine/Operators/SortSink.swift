import ApusValues
import ApusVectors
import Synchronization

/// Collects rows and sorts them; with a limit, each worker keeps few more than may be put out.
///
/// Safety: `collectors` is guarded by the monitor while workers close; the rest changes between
/// rounds and is read only afterwards.
final class SortSink: BatchSink, @unchecked Sendable {
  let node: Int
  /// The columns that are put out come first among the columns collected.
  let outputCount: Int
  private let columns: [any CompiledExpression]
  /// For each key its order and its position among the columns.
  private let orders: [SortOrder]
  private let keys: [Int]
  /// The first rows, if not all count.
  private let limit: Int?

  private let monitor = Monitor()
  private var collectors: [BatchCollector] = []
  private var concatenation: ColumnConcatenation?
  private(set) var rows: ConcatenatedColumns?
  private(set) var sort: ParallelSort?
  /// Of the first `limit` rows; nil without a limit or a key.
  let bound: SortBound?

  /// Rows beyond the limit that are worth a sort: the sooner there is a bound, the fewer rows come.
  private static let minimumDropCount = 64

  /// - Parameters:
  ///   - columns: what is collected of each input row: the output, then keys that are not part of it.
  ///   - keys: positions among `columns`.
  init(
    node: Int,
    columns: [any CompiledExpression],
    outputCount: Int,
    orders: [SortOrder],
    keys: [Int],
    limit: Int?
  ) {
    self.node = node
    self.columns = columns
    self.outputCount = outputCount
    self.orders = orders
    self.keys = keys
    self.limit = limit
    bound = limit == nil ? nil : orders.first.map { SortBound($0) }
  }

  func makeConsumer(_ context: WorkerContext) -> any SinkConsumer { Consumer(self, context) }

  func prepareRound(_ context: WorkerContext) throws(SQLError) -> Int? {
    if let sort { return sort.prepareRound() }
    if let concatenation {
      let rows = concatenation.finish()
      self.rows = rows
      self.concatenation = nil
      for collector in collectors {
        context.profile.addPeak(collector.reservation.peakByteCount, node: node)
      }
      collectors = []
      let sort = try makeSort(of: rows.columns, rowCount: rows.rowCount, context)
      context.profile.addPeak(rows.byteCount + sort.byteCount, node: node)
      self.sort = sort
      return sort.prepareRound()
    }
    let concatenation = try ColumnConcatenation(
      collectors.flatMap(\.batches),
      types: columns.map(\.type),
      memory: context.memory
    )
    self.concatenation = concatenation
    return concatenation.taskCount
  }

  func runTask(_ task: Int, _ context: WorkerContext) throws(SQLError) {
    if let sort {
      sort.runTask(task)
    } else {
      try concatenation?.runTask(task)
    }
  }

  private func makeSort(of columns: [ColumnVector], rowCount: Int, _ context: WorkerContext)
    throws(SQLError) -> ParallelSort
  {
    try ParallelSort(
      orders,
      keys: keys.map { columns[$0] },
      rowCount: rowCount,
      workerCount: context.workerCount,
      memory: context.memory
    )
  }

  private final class Consumer: SinkConsumer {
    private let sink: SortSink
    private let context: WorkerContext
    private let collector: BatchCollector
    /// Words of a batch, comparable with those of all others.
    private let layout: SortKeyLayout

    init(_ sink: SortSink, _ context: WorkerContext) {
      self.sink = sink
      self.context = context
      collector = BatchCollector(memory: context.memory)
      layout = SortKeyLayout(sink.orders, mayHaveNulls: sink.orders.map { _ in true })
    }

    func consume(_ batch: Batch) throws(SQLError) -> Bool {
      if let limit = sink.limit, limit == 0 { return false }
      var collected = Batch(
        columns: try sink.columns.evaluated(batch),
        rowCount: batch.rowCount
      )
      guard let limit = sink.limit else {
        try collector.append(collected)
        return true
      }
      let bound = sink.bound?.value ?? .max
      if bound < .max {
        collected = collected.select(rows(of: collected, notAbove: bound))
        if collected.rowCount == 0 { return true }
      }
      try collector.append(collected)
      if collector.rowCount - SortSink.minimumDropCount > limit, collector.rowCount / 2 > limit {
        try keepFirst(limit)
      }
      return true
    }

    private func rows(of batch: Batch, notAbove bound: UInt64) -> Selection {
      let encoded = encode(batch.columns, rowCount: batch.rowCount)
      var rows: [Int32] = []
      withExtendedLifetime(encoded) {
        let words = encoded.words[0]
        for row in 0..<batch.rowCount where words[row] <= bound {
          rows.append(Int32(truncatingIfNeeded: row))
        }
      }
      let keepsAll = rows.count == batch.rowCount
      return Selection(rowCount: batch.rowCount, indices: keepsAll ? nil : rows)
    }

    private func encode(_ columns: [ColumnVector], rowCount: Int) -> SortKeyWords {
      let words = SortKeyWords(layout, rowCount: rowCount)
      words.encode(sink.keys.map { columns[$0].flattened() }, 0..<rowCount)
      return words
    }

    /// Sorts what was collected and drops what cannot be among the first `limit` rows.
    private func keepFirst(_ limit: Int) throws(SQLError) {
      let concatenation = try ColumnConcatenation(
        collector.batches,
        types: sink.columns.map(\.type),
        memory: context.memory
      )
      for task in 0..<concatenation.taskCount { try concatenation.runTask(task) }
      let all = concatenation.finish()
      let sort = try sink.makeSort(of: all.columns, rowCount: all.rowCount, context)
      sort.run()
      let first = sort.rows(0..<limit)
      let kept = first.withUnsafeBufferPointer { rows in
        Batch(columns: all.columns.map { $0.gather(rows) }, rowCount: limit)
      }
      try collector.reset(to: kept)
      let last = kept.slice(limit - 1..<limit)
      let encoded = encode(last.columns, rowCount: 1)
      let word = withExtendedLifetime(encoded) { encoded.words[0][0] }
      sink.bound?.lower(to: word)
    }

    func close() {
      sink.monitor.withLock { sink.collectors.append(collector) }
    }
  }
}

/// Puts out sorted rows, in morsels that are numbered in their order.
final class SortedSource: BatchSource {
  let node: Int
  private let sink: SortSink
  private let offset: Int
  private let limit: Int?
  private let next = Atomic<Int>(0)

  /// - Parameter limit: the number of rows up to the last one put out, those skipped included.
  init(_ sink: SortSink, offset: Int, limit: Int?) {
    node = sink.node
    self.sink = sink
    self.offset = offset
    self.limit = limit
  }

  func makeReader(_ context: WorkerContext) -> any BatchReader {
    Reader(self, capacity: context.batchCapacity)
  }

  private final class Reader: BatchReader {
    private let source: SortedSource
    private let capacity: Int

    init(_ source: SortedSource, capacity: Int) {
      self.source = source
      self.capacity = capacity
    }

    func next() -> SourceBatch? {
      guard let sort = source.sink.sort, let all = source.sink.rows else { return nil }
      let end = min(source.limit ?? sort.rowCount, sort.rowCount)
      let morsel = source.next.add(1, ordering: .relaxed).oldValue
      let (skipped, overflow) = (morsel * capacity).addingReportingOverflow(source.offset)
      guard !overflow, skipped < end else { return nil }
      let range = skipped..<min(skipped + capacity, end)
      let batch = sort.rows(range).withUnsafeBufferPointer { rows in
        Batch(
          columns: all.columns.prefix(source.sink.outputCount).map { $0.gather(rows) },
          rowCount: rows.count
        )
      }
      return SourceBatch(batch: batch, morsel: morsel)
    }
  }
}
