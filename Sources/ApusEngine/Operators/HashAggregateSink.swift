import ApusValues
import ApusVectors
import Synchronization

/// Groups rows and aggregates them: each worker for itself, then together.
///
/// The worker with the most groups takes over those of the others; then each call's states are
/// merged by a task of its own, and each set of distinct rows is fed by one.
///
/// Safety: `states` is guarded by the monitor while workers close; the rest changes between rounds;
/// tasks of one round touch different accumulators.
final class HashAggregateSink: BatchSink, @unchecked Sendable {
  private enum Round {
    case groups
    case calls
    case end
  }

  /// What a task of the second round merges.
  private enum Task {
    case call(Int)
    case distinctSet(Int)
  }

  let node: Int
  private let specification: AggregateSpecification
  private let monitor = Monitor()
  private var states: [AggregateState] = []
  private var round = Round.groups
  /// The groups here of each other state's groups.
  private var mappings: [[Int32]] = []
  private var tasks: [Task] = []
  /// All groups, after the last round; nil if there are none.
  private(set) var result: AggregateState?

  init(node: Int, specification: AggregateSpecification) {
    self.node = node
    self.specification = specification
  }

  func makeConsumer(_ context: WorkerContext) throws(SQLError) -> any SinkConsumer {
    Consumer(self, try AggregateState(specification, memory: context.memory))
  }

  func prepareRound(_ context: WorkerContext) throws(SQLError) -> Int? {
    switch round {
    case .groups:
      try collectStates(context)
      guard let result else { return nil }
      for state in states {
        try context.cancellation.check()
        mappings.append(try result.mergeGroups(of: state))
      }
      if !states.isEmpty {
        tasks = specification.calls.indices.filter { specification.calls[$0].distinctSet == nil }
          .map { .call($0) }
      }
      tasks += specification.distinctSets.indices.map { .distinctSet($0) }
      round = .calls
      return tasks.count
    case .calls:
      try result?.book()
      for state in states + (result.map { [$0] } ?? []) {
        context.profile.addPeak(state.reservation.peakByteCount, node: node)
      }
      states = []
      mappings = []
      round = .end
      return nil
    case .end:
      return nil
    }
  }

  /// Chooses the state that becomes the result and leaves the others in `states`.
  private func collectStates(_ context: WorkerContext) throws(SQLError) {
    if specification.keys.isEmpty {
      // One group, even of no rows.
      if states.isEmpty {
        states.append(try AggregateState(specification, memory: context.memory))
      }
    } else {
      states.removeAll { $0.groupCount == 0 }
    }
    states.sort { $0.groupCount > $1.groupCount }
    if !states.isEmpty { result = states.removeFirst() }
  }

  func runTask(_ task: Int, _ context: WorkerContext) throws(SQLError) {
    guard let result else { return }
    switch tasks[task] {
    case .call(let call):
      for (state, mapping) in zip(states, mappings) {
        try context.cancellation.check()
        try result.mergeCall(call, of: state, mapping: mapping)
      }
    case .distinctSet(let set):
      var sources: [(state: AggregateState, mapping: [Int32]?)] = [(result, nil)]
      for (state, mapping) in zip(states, mappings) { sources.append((state, mapping)) }
      try result.feedDistinct(set, from: sources, context)
    }
  }

  private final class Consumer: SinkConsumer {
    private let sink: HashAggregateSink
    private let state: AggregateState

    init(_ sink: HashAggregateSink, _ state: AggregateState) {
      self.sink = sink
      self.state = state
    }

    func consume(_ batch: Batch) throws(SQLError) -> Bool {
      try state.update(batch)
      return true
    }

    func close() {
      sink.monitor.withLock { sink.states.append(state) }
    }
  }
}

/// Puts out the groups of a finished aggregation.
final class AggregateSource: BatchSource {
  let node: Int
  private let sink: HashAggregateSink
  private let lock = Monitor()
  private let next = Atomic<Int>(0)

  init(_ sink: HashAggregateSink) {
    node = sink.node
    self.sink = sink
  }

  func makeReader(_ context: WorkerContext) -> any BatchReader {
    Reader(self, capacity: context.batchCapacity)
  }

  private final class Reader: BatchReader {
    private let source: AggregateSource
    private let capacity: Int

    init(_ source: AggregateSource, capacity: Int) {
      self.source = source
      self.capacity = capacity
    }

    func next() throws(SQLError) -> SourceBatch? {
      guard let result = source.sink.result else { return nil }
      let start = source.next.add(capacity, ordering: .relaxed).oldValue
      guard start < result.groupCount else { return nil }
      let range = start..<min(start + capacity, result.groupCount)
      return SourceBatch(batch: try result.finish(range, lock: source.lock), morsel: 0)
    }
  }
}
