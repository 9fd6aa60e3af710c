import ApusValues
import ApusVectors
import Synchronization

/// Collects the right side of a join: its columns, and if it has keys, the table to find them in.
///
/// Where there is no room for them, all rows are spilled by their keys, the table stays empty, and the
/// left rows are spilled, too (`SpilledJoin`).
///
/// Safety: `collectors`, `keys` and `spilled` are guarded by the monitor while workers consume and
/// close; the rest changes between rounds and is read only afterwards.
final class JoinBuildSink: BatchSink, @unchecked Sendable {
  let node: Int
  /// The input columns that are kept.
  private let columns: [Int]
  private let types: [SQLType]
  /// None for a join without criteria.
  private let keys: [any CompiledExpression]
  /// Inequalities by which rows are found, if there are no keys.
  private let rangeKeys: RangeJoinKeys?
  /// Whether rows with a NULL in their key are needed, though nothing finds them.
  private let keepsNullKeys: Bool
  private let tracksMatches: Bool
  private let canSpill: Bool
  /// What the keys narrow, set before the query runs.
  private let dynamicFilters = Mutex<[DynamicFilter]>([])
  /// The memory of what they keep.
  private var filterReservation: Reservation?

  private let monitor = Monitor()
  private var collectors: [BatchCollector] = []
  private var workerKeys: [JoinKeys] = []
  /// What is there in place of rows and table if these have no room.
  private(set) var spilled: SpilledJoin?
  private var isSpilling = false
  private var round = 0
  private var concatenation: ColumnConcatenation?
  private var insertTaskCount = 0
  private var ordering: RangeJoinOrdering?

  /// What the build side has in the end.
  private(set) var rows: ConcatenatedColumns?
  private(set) var table: JoinTable?
  private(set) var rangeIndex: RangeJoinIndex?
  /// Whether any row's key had a NULL.
  private(set) var hasNullKey = false
  private(set) var hasRows = false
  /// The rows that had one, if they are kept.
  private(set) var nullKeyRows: [Int32] = []
  private(set) var matches: MatchFlags?

  init(
    node: Int,
    columns: [Int],
    types: [SQLType],
    keys: [any CompiledExpression],
    rangeKeys: RangeJoinKeys? = nil,
    keepsNullKeys: Bool,
    tracksMatches: Bool,
    canSpill: Bool = false
  ) {
    self.node = node
    self.columns = columns
    self.types = types
    self.keys = keys
    self.rangeKeys = rangeKeys
    self.keepsNullKeys = keepsNullKeys
    self.tracksMatches = tracksMatches
    self.canSpill = canSpill
  }

  /// Tells scans on the other side what the keys are once they are known.
  func add(_ filters: [DynamicFilter]) { dynamicFilters.withLock { $0 += filters } }

  /// The layout of keys on both sides.
  var keyLayout: KeyLayout { KeyLayout(keys.map(\.type), hasNullBits: false) }

  /// The rows kept.
  var rowCount: Int { rows?.rowCount ?? 0 }

  func makeConsumer(_ context: WorkerContext) -> any SinkConsumer { Consumer(self, context) }

  /// The same for the rows of a part, which come as `SpilledJoin` has them.
  func part() -> JoinBuildSink {
    JoinBuildSink(
      node: node,
      columns: Array(types.indices),
      types: types,
      keys: keys.enumerated().map {
        ColumnExpression(position: types.count + $0, type: $1.type)
      },
      keepsNullKeys: keepsNullKeys,
      tracksMatches: tracksMatches
    )
  }

  /// Says of the rows of a part what is to be known of all.
  func knowOfAll(_ whole: JoinBuildSink) {
    hasNullKey = whole.hasNullKey
    hasRows = whole.hasRows
  }

  private func spill(_ context: WorkerContext) -> SpilledJoin {
    monitor.withLock {
      if let spilled { return spilled }
      let join = SpilledJoin(context.temporaryFile, types: types + keys.map(\.type))
      spilled = join
      return join
    }
  }

  /// Spills what a worker has collected.
  private func spill(
    _ collector: BatchCollector,
    _ keys: JoinKeys,
    to writer: PartitionedSpillWriter
  ) throws(SQLError) {
    var start = 0
    for batch in collector.batches {
      let range = start..<start + batch.rowCount
      try writer.append(
        Batch(columns: batch.columns + keys.columns(range), rowCount: batch.rowCount),
        hashes: keys.keys.hashes + start
      )
      start = range.upperBound
    }
  }

  /// Whether what is collected fits as columns and table, beside what it is made of.
  private func hasRoomForTable(_ context: WorkerContext) -> Bool {
    let columns = collectors.reduce(0) { $0 + $1.reservation.byteCount }
    return Reservation(context.memory).offer(
      columns
        + JoinTable.byteCount(keyLayout, rowCount: workerKeys.reduce(0) { $0 + $1.keys.count })
    )
  }

  func prepareRound(_ context: WorkerContext) throws(SQLError) -> Int? {
    if isSpilling {
      isSpilling = false
      collectors = []
      workerKeys = []
    } else if round == 0, canSpill, spilled != nil || !hasRoomForTable(context) {
      isSpilling = true
      _ = spill(context)
      return collectors.count
    }
    round += 1
    if round == 1 {
      let batches = collectors.flatMap(\.batches)
      let concatenation = try ColumnConcatenation(batches, types: types, memory: context.memory)
      self.concatenation = concatenation
      if !keys.isEmpty {
        table = try JoinTable(keyLayout, sources: workerKeys, memory: context.memory)
      }
      return concatenation.taskCount + (table?.copyTaskCount ?? 0)
    }
    if round == 2, let concatenation {
      let rows = concatenation.finish()
      self.rows = rows
      if tracksMatches { matches = MatchFlags(count: rows.rowCount) }
      for collector in collectors {
        context.profile.addPeak(collector.reservation.peakByteCount, node: node)
      }
      context.profile.addPeak(rows.byteCount + (table?.byteCount ?? 0), node: node)
      self.concatenation = nil
      collectors = []
      if keepsNullKeys { collectNullKeyRows() }
      let reservation = Reservation(context.memory)
      if spilled == nil {
        for filter in dynamicFilters.withLock({ $0 }) { filter.apply(workerKeys, reservation) }
      }
      filterReservation = reservation
      if let rangeKeys, let ordering = try RangeJoinOrdering(rangeKeys, rows, context) {
        self.ordering = ordering
        return try ordering.prepareRound()
      }
      insertTaskCount = table?.insertTaskCount(workerCount: context.workerCount) ?? 0
      return insertTaskCount
    }
    if let ordering {
      if let taskCount = try ordering.prepareRound() { return taskCount }
      rows = ordering.rows
      rangeIndex = ordering.index
      self.ordering = nil
      context.profile.addPeak(
        (rows?.byteCount ?? 0) + (rangeIndex?.byteCount ?? 0),
        node: node
      )
    }
    return nil
  }

  func runTask(_ task: Int, _ context: WorkerContext) throws(SQLError) {
    if isSpilling {
      guard let spilled else { return }
      let writer = spilled.makeBuildWriter(context)
      try spill(collectors[task], workerKeys[task], to: writer)
      try writer.flush()
    } else if let concatenation {
      if task < concatenation.taskCount {
        try concatenation.runTask(task)
      } else {
        table?.copyKeys(task - concatenation.taskCount)
      }
    } else if let ordering {
      ordering.runTask(task)
    } else {
      table?.insert(task, of: insertTaskCount)
    }
  }

  private func collectNullKeyRows() {
    var start = 0
    for keys in workerKeys {
      for (row, flag) in keys.isFindable.enumerated() where flag == 0 {
        nullKeyRows.append(Int32(truncatingIfNeeded: start + row))
      }
      start += keys.isFindable.count
    }
  }

  private func add(_ collector: BatchCollector, _ keys: JoinKeys, sawNullKey: Bool, sawRows: Bool) {
    monitor.withLock {
      collectors.append(collector)
      workerKeys.append(keys)
      hasNullKey = hasNullKey || sawNullKey
      hasRows = hasRows || sawRows
    }
  }

  private final class Consumer: SinkConsumer {
    private let sink: JoinBuildSink
    private let context: WorkerContext
    private var collector: BatchCollector
    private let encoder: KeyEncoder
    private var keys: JoinKeys
    private var writer: PartitionedSpillWriter?
    private var sawNullKey = false
    private var sawRows = false

    init(_ sink: JoinBuildSink, _ context: WorkerContext) {
      self.sink = sink
      self.context = context
      collector = BatchCollector(memory: context.memory)
      encoder = KeyEncoder(sink.keyLayout)
      keys = JoinKeys(sink.keyLayout, memory: context.memory)
    }

    func consume(_ batch: Batch) throws(SQLError) -> Bool {
      sawRows = true
      var kept = Batch(columns: sink.columns.map { batch.columns[$0] }, rowCount: batch.rowCount)
      guard !sink.keys.isEmpty else {
        try collector.append(kept)
        return true
      }
      var vectors = try sink.keys.evaluated(batch)
      encoder.encode(vectors, rowCount: batch.rowCount)
      if encoder.mayHaveNulls {
        let rows = rowsWithoutNulls(batch.rowCount)
        if rows.count < batch.rowCount {
          sawNullKey = true
          if !sink.keepsNullKeys {
            if rows.isEmpty { return true }
            let selection = Selection(rowCount: batch.rowCount, indices: rows)
            let selected = Batch(columns: vectors, rowCount: batch.rowCount).select(selection)
            encoder.encode(selected.columns, rowCount: rows.count)
            vectors = selected.columns
            kept = kept.select(selection)
          }
        }
      }
      if let writer {
        let row = Batch(columns: kept.columns + vectors, rowCount: kept.rowCount)
        try writer.append(row, hashes: encoder.hashes)
      } else if sink.canSpill {
        let keysFit = keys.offer(encoder, rowCount: kept.rowCount)
        if !collector.offer(kept) || !keysFit { try spill() }
      } else {
        try keys.append(encoder, rowCount: kept.rowCount)
        try collector.append(kept)
      }
      return true
    }

    /// Spills what is collected, and from now on what comes.
    private func spill() throws(SQLError) {
      let writer = sink.spill(context).makeBuildWriter(context)
      try sink.spill(collector, keys, to: writer)
      collector = BatchCollector(memory: context.memory)
      keys = JoinKeys(sink.keyLayout, memory: context.memory)
      self.writer = writer
    }

    private func rowsWithoutNulls(_ rowCount: Int) -> [Int32] {
      let nullFlags = encoder.nullFlags
      return [Int32](unsafeUninitializedCapacity: rowCount) { rows, count in
        for row in 0..<rowCount {
          rows[count] = Int32(truncatingIfNeeded: row)
          count += nullFlags[row] == 0 ? 1 : 0
        }
      }
    }

    func close() throws(SQLError) {
      try writer?.flush()
      sink.add(collector, keys, sawNullKey: sawNullKey, sawRows: sawRows)
    }
  }
}
