import ApusValues
import ApusVectors
import Synchronization

/// Groups rows and aggregates them: each worker for itself, then together.
///
/// A worker whose groups have no more room keeps them as they are and spills all rows that still come.
/// In the end the groups are then made part by part, each of what all workers have of it in memory and
/// on disk, while they are put out.
///
/// Safety: `states` and `spilled` are guarded by the monitor while workers consume and close; the rest
/// changes between rounds.
final class HashAggregateSink: BatchSink, @unchecked Sendable {
  let node: Int
  private let specification: AggregateSpecification
  private let canSpill: Bool
  private let monitor = Monitor()
  private var states: [AggregateState] = []
  private var spilled: SpilledPartitions?
  private var merge: (any AggregateMerge)?
  /// All groups, after the last round, in parts without common ones; none if there are `parts`.
  private(set) var results: [AggregateState] = []
  /// What makes the groups while they are put out, after the last round, if they are many.
  private(set) var parts: PartitionedAggregateMerge?

  /// - Parameter canSpill: whether groups may be made while they are put out, once; without keys there
  ///   is but one.
  init(node: Int, specification: AggregateSpecification, canSpill: Bool = true) {
    self.node = node
    self.specification = specification
    self.canSpill = canSpill && !specification.keys.isEmpty
  }

  func makeConsumer(_ context: WorkerContext) throws(SQLError) -> any SinkConsumer {
    Consumer(self, try makeState(context), context)
  }

  /// Returns where rows of these types are spilled.
  private func partitions(_ types: [SQLType], _ context: WorkerContext) -> SpilledPartitions {
    monitor.withLock {
      if let spilled { return spilled }
      let partitions = SpilledPartitions(context.temporaryFile, types: types, .groups)
      spilled = partitions
      return partitions
    }
  }

  /// Makes a state without groups, for one worker.
  func makeState(_ context: WorkerContext) throws(SQLError) -> AggregateState {
    try AggregateState(specification, memory: context.memory)
  }

  /// Takes a state that is complete.
  func add(_ state: AggregateState) { monitor.withLock { states.append(state) } }

  /// The number of groups, after the last round.
  var groupCount: Int { results.reduce(0) { $0 + $1.groupCount } }

  func prepareRound(_ context: WorkerContext) throws(SQLError) -> Int? {
    if self.merge == nil { self.merge = try makeMerge(context) }
    guard let merge else { return nil }
    if let taskCount = try merge.prepareRound(context) { return taskCount }
    results = merge.results
    if canSpill { parts = merge as? PartitionedAggregateMerge }
    let others = states.filter { state in !results.contains { $0 === state } }
    for state in others + results {
      context.profile.addPeak(state.reservation.peakByteCount, node: node)
    }
    states = []
    self.merge = nil
    return nil
  }

  private func makeMerge(_ context: WorkerContext) throws(SQLError) -> any AggregateMerge {
    if specification.keys.isEmpty {
      // One group, even of no rows.
      if states.isEmpty {
        states.append(try AggregateState(specification, memory: context.memory))
      }
    } else {
      states.removeAll { $0.groupCount == 0 }
    }
    let groupCount = states.reduce(0) { $0 + $1.groupCount }
    let isLarge =
      states.count > 1 && groupCount >= PartitionedAggregateMerge.minimumGroupCount
    if isLarge || spilled != nil || !hasRoomToMerge(context) {
      return PartitionedAggregateMerge(
        specification,
        states,
        spilled,
        keepsGroups: !canSpill,
        context
      )
    }
    return DirectAggregateMerge(specification, states)
  }

  /// Whether all groups can be merged at once while those of the workers are still there.
  private func hasRoomToMerge(_ context: WorkerContext) -> Bool {
    guard canSpill, states.count > 1 else { return true }
    return Reservation(context.memory).offer(
      states.reduce(0) { $0 + $1.reservation.byteCount }
    )
  }

  func runTask(_ task: Int, _ context: WorkerContext) throws(SQLError) {
    try merge?.runTask(task, context)
  }

  private final class Consumer: SinkConsumer {
    private let sink: HashAggregateSink
    private let state: AggregateState
    private let context: WorkerContext
    private var spill: Spill?

    /// What a worker without room for more groups does with its rows.
    private struct Spill {
      let encoder: KeyEncoder
      let writer: PartitionedSpillWriter
    }

    init(_ sink: HashAggregateSink, _ state: AggregateState, _ context: WorkerContext) {
      self.sink = sink
      self.state = state
      self.context = context
    }

    func consume(_ batch: Batch) throws(SQLError) -> Bool {
      if sink.canSpill {
        if spill == nil, !state.offer(batch.rowCount) { spill = makeSpill(batch) }
        if let spill {
          let keys = sink.specification.keys.map { batch.columns[$0] }
          spill.encoder.encode(keys, rowCount: batch.rowCount)
          try spill.writer.append(batch, hashes: spill.encoder.hashes)
          return true
        }
      }
      try state.update(batch)
      if !sink.canSpill, state.isBookingDue { try state.book() }
      return true
    }

    private func makeSpill(_ batch: Batch) -> Spill {
      let types = batch.columns.map(\.type)
      return Spill(
        encoder: KeyEncoder(sink.specification.keyLayout),
        writer: PartitionedSpillWriter(sink.partitions(types, context), context, types: types)
      )
    }

    func close() throws(SQLError) {
      try spill?.writer.flush()
      if sink.canSpill { state.bookKept() } else { try state.book() }
      sink.add(state)
    }
  }
}

/// Puts out the groups of a finished aggregation.
///
/// Workers share the groups of a single part, in batches; of several parts each takes whole ones.
final class AggregateSource: BatchSource {
  let node: Int
  private let sink: HashAggregateSink
  private let next = Atomic<Int>(0)

  init(_ sink: HashAggregateSink) {
    node = sink.node
    self.sink = sink
  }

  func makeReader(_ context: WorkerContext) -> any BatchReader {
    if let parts = sink.parts { return PartitionedAggregateReader(parts, context) }
    return Reader(self, capacity: context.batchCapacity)
  }

  private final class Reader: BatchReader {
    private let source: AggregateSource
    private let capacity: Int
    /// The part that this worker has taken, and the groups of it that are still to come.
    private var part = 0
    private var rest = 0..<0

    init(_ source: AggregateSource, capacity: Int) {
      self.source = source
      self.capacity = capacity
    }

    func next() throws(SQLError) -> SourceBatch? {
      let results = source.sink.results
      if results.count == 1 {
        let count = results[0].groupCount
        let start = source.next.add(capacity, ordering: .relaxed).oldValue
        return try batch(of: results[0], min(start, count)..<count)
      }
      while rest.isEmpty {
        part = source.next.add(1, ordering: .relaxed).oldValue
        guard part < results.count else { return nil }
        rest = 0..<results[part].groupCount
      }
      defer { rest = rest.dropFirst(capacity) }
      return try batch(of: results[part], rest)
    }

    /// Returns the first groups of a range as a batch.
    private func batch(of state: AggregateState, _ range: Range<Int>) throws(SQLError)
      -> SourceBatch?
    {
      let first = range.prefix(capacity)
      return first.isEmpty ? nil : SourceBatch(batch: try state.finish(first), morsel: 0)
    }
  }
}
