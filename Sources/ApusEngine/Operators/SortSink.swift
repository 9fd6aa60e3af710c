import ApusValues
import ApusVectors

/// Collects rows and sorts them; with a limit, each worker keeps few more than may be put out.
///
/// A worker whose rows have no more room sorts them and spills them as a run. Then all rows become runs,
/// which are merged while they are put out.
///
/// Safety: `collectors` and `runs` are guarded by the monitor while workers close; the rest changes between
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
  /// Sorted rows that were spilled.
  private var runs: [SpilledRows] = []
  /// Runs that a round makes one of, in groups.
  private var mergedRuns: [[SpilledRows]] = []
  private var isSpilling = false
  private var concatenation: ColumnConcatenation?
  private(set) var rows: ConcatenatedColumns?
  private(set) var sort: ParallelSort?
  /// What merges the rows that were spilled; nil if none were.
  private(set) var merge: SortedRunMerge?
  /// Of the first `limit` rows; nil without a limit or a key.
  let bound: SortBound?

  /// Rows beyond the limit that are worth a sort: the sooner there is a bound, the fewer rows come.
  private static let minimumDropCount = 64
  /// Sorting takes the rows once more, and their keys.
  private static let room = 3.0
  /// Rows by which short runs grow.
  private static let runGrowth = 8

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

  private var specification: SortSpecification {
    SortSpecification(types: columns.map(\.type), orders: orders, keys: keys)
  }

  func prepareRound(_ context: WorkerContext) throws(SQLError) -> Int? {
    if !runs.isEmpty || isSpilling { return prepareRunRound(context) }
    for collector in collectors { collector.bookKept() }
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

  /// Spills what workers have kept, then merges runs until they are few enough to be read at once.
  private func prepareRunRound(_ context: WorkerContext) -> Int? {
    if !isSpilling {
      isSpilling = true
      return collectors.count
    }
    collectors = []
    mergedRuns = []
    let together = SortedRunMerge.greatestRunCount(context.memory)
    if runs.count <= together {
      merge = SortedRunMerge(runs, specification, context)
      runs = []
      isSpilling = false
      return nil
    }
    for start in stride(from: 0, to: runs.count, by: together) {
      let end = min(start + together, runs.count)
      mergedRuns.append(Array(runs[start..<end]))
    }
    runs = []
    return mergedRuns.count
  }

  /// Sorts and spills what is collected.
  private func spill(_ collector: BatchCollector, _ context: WorkerContext) throws(SQLError) {
    guard collector.rowCount > 0 else { return }
    try spill(collector.batches[...], context)
    try collector.reset(to: nil)
  }

  /// Makes a run of rows, or two where there is no room to sort them all at once.
  private func spill(_ batches: ArraySlice<Batch>, _ context: WorkerContext) throws(SQLError) {
    let all: SortedRows
    do {
      all = try sorted(batches, context.alone)
    } catch  where error.code == .exceededLocalMemoryLimit && batches.count > 1 {
      let middle = batches.startIndex + batches.count / 2
      try spill(batches[..<middle], context)
      try spill(batches[middle...], context)
      return
    }
    let writer = SortedRunWriter(context, types: columns.map(\.type))
    try writer.append(
      all.columns,
      all.sort,
      first: min(limit ?? .max, all.rowCount),
      byteCount: all.byteCount
    )
    add(writer.finish())
  }

  private func add(_ run: SpilledRows) { monitor.withLock { runs.append(run) } }

  private func mergeRuns(_ task: Int, _ context: WorkerContext) throws(SQLError) {
    let merge = SortedRunMerge(mergedRuns[task], specification, context)
    let writer = SortedRunWriter(context, types: columns.map(\.type))
    while let window = try merge.next() {
      let byteCount = window.columns.reduce(0) { $0 + $1.ownByteCount }
      try writer.append(window.columns, window.sort, first: window.rowCount, byteCount: byteCount)
    }
    add(writer.finish())
  }

  func runTask(_ task: Int, _ context: WorkerContext) throws(SQLError) {
    if isSpilling {
      if mergedRuns.isEmpty {
        collectors[task].bookKept()
        try spill(collectors[task], context)
      } else {
        try mergeRuns(task, context)
      }
      return
    }
    if let sort {
      sort.runTask(task)
    } else {
      try concatenation?.runTask(task)
    }
  }

  /// Rows with the sort that has put them in order.
  private struct SortedRows {
    let rows: ConcatenatedColumns
    let sort: ParallelSort

    var columns: [ColumnVector] { rows.columns }
    var rowCount: Int { rows.rowCount }
    var byteCount: Int { rows.byteCount }
  }

  /// Sorts what is collected on the calling thread.
  private func sorted(_ batches: ArraySlice<Batch>, _ context: WorkerContext) throws(SQLError)
    -> SortedRows
  {
    let concatenation = try ColumnConcatenation(
      Array(batches),
      types: columns.map(\.type),
      memory: context.memory
    )
    for task in 0..<concatenation.taskCount { try concatenation.runTask(task) }
    let rows = concatenation.finish()
    let sort = try makeSort(of: rows.columns, rowCount: rows.rowCount, context)
    sort.run()
    return SortedRows(rows: rows, sort: sort)
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
    private var runCount = 0
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
        try keep(collected)
        return true
      }
      let bound = sink.bound?.value ?? .max
      if bound < .max {
        collected = collected.select(rows(of: collected, notAbove: bound))
        if collected.rowCount == 0 { return true }
      }
      try keep(collected)
      if collector.rowCount - SortSink.minimumDropCount > limit, collector.rowCount / 2 > limit {
        try keepFirst(limit)
      }
      return true
    }

    /// Keeps rows, and spills all that are kept if there is no room to sort them. Runs of less than a
    /// block grow, so that there are not too many.
    private func keep(_ batch: Batch) throws(SQLError) {
      guard !collector.offer(batch, room: SortSink.room),
        collector.rowCount >= runCount * SortSink.runGrowth
          || collector.byteCount >= SortedRunWriter.blockByteCount(context.memory)
      else { return }
      try sink.spill(collector, context)
      runCount += 1
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
      collector.bookKept()
      let all = try sink.sorted(collector.batches[...], context.alone)
      let first = all.sort.rows(0..<limit)
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
