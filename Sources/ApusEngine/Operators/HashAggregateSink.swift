import ApusValues
import ApusVectors

/// Groups rows and aggregates them: each worker for itself, then together.
///
/// Few groups are merged into the state of one worker. Many are split by hash into partitions, each
/// merged by one task. A single worker's state is the result as it is.
///
/// Safety: `states` is guarded by the monitor while workers close; the rest changes between rounds,
/// and each task writes only its own partition.
final class HashAggregateSink: BatchSink, @unchecked Sendable {
  let node: Int
  private let specification: AggregateSpecification
  private let monitor = Monitor()
  private var states: [AggregateState] = []
  private var round = 0
  /// The result, by partition of the keys' hashes; complete after the last round.
  private(set) var partitions: [AggregateState?] = []

  /// Groups of all workers from which on partitions pay.
  private let partitioningThreshold: Int

  init(node: Int, specification: AggregateSpecification, partitioningThreshold: Int = 16_384) {
    self.node = node
    self.specification = specification
    self.partitioningThreshold = partitioningThreshold
  }

  func makeConsumer(_ context: WorkerContext) throws(SQLError) -> any SinkConsumer {
    Consumer(self, try AggregateState(specification, memory: context.memory), context)
  }

  private func add(_ state: AggregateState) {
    monitor.withLock { states.append(state) }
  }

  func prepareRound(_ context: WorkerContext) throws(SQLError) -> Int {
    round += 1
    guard round == 1 else {
      for state in states + partitions.compactMap({ $0 }) {
        context.profile.addPeak(state.reservation.peakByteCount, node: node)
      }
      states = []
      return 0
    }
    if specification.keys.isEmpty {
      // One group, even of no rows.
      if states.isEmpty {
        states.append(try AggregateState(specification, memory: context.memory))
      }
    } else {
      states.removeAll { $0.groupCount == 0 }
    }
    states.sort { $0.groupCount > $1.groupCount }
    let groupCount = states.reduce(0) { $0 + $1.groupCount }
    var count = states.isEmpty ? 0 : 1
    if states.count > 1, !specification.keys.isEmpty, groupCount >= partitioningThreshold {
      while count < context.workerCount * 2 { count *= 2 }
    }
    partitions = Array(repeating: nil, count: count)
    return count
  }

  func runTask(_ task: Int, _ context: WorkerContext) throws(SQLError) {
    let result: AggregateState
    if partitions.count == 1 {
      result = states[0]
      var sources: [(state: AggregateState, mapping: [Int32]?)] = [(result, nil)]
      for state in states.dropFirst() {
        sources.append((state, try result.merge(state, partition: .all)))
      }
      try result.feedDistinct(sources)
    } else {
      result = try AggregateState(specification, memory: context.memory)
      let partition = HashPartition(index: task, count: partitions.count)
      var sources: [(state: AggregateState, mapping: [Int32]?)] = []
      for state in states {
        try context.cancellation.check()
        sources.append((state, try result.merge(state, partition: partition)))
      }
      try result.feedDistinct(sources)
    }
    monitor.withLock { partitions[task] = result }
  }

  private final class Consumer: SinkConsumer {
    private let sink: HashAggregateSink
    private let state: AggregateState
    private let context: WorkerContext

    init(_ sink: HashAggregateSink, _ state: AggregateState, _ context: WorkerContext) {
      self.sink = sink
      self.state = state
      self.context = context
    }

    func consume(_ batch: Batch) throws(SQLError) -> Bool {
      try state.update(batch)
      return true
    }

    func close() { sink.add(state) }
  }
}

/// Puts out the groups of a finished aggregation, each partition by one worker.
///
/// Safety: `next` is guarded by the monitor.
final class AggregateSource: BatchSource, @unchecked Sendable {
  let node: Int
  private let sink: HashAggregateSink
  private let monitor = Monitor()
  private var next = 0

  init(_ sink: HashAggregateSink) {
    node = sink.node
    self.sink = sink
  }

  func makeReader(_ context: WorkerContext) -> any BatchReader {
    Reader(self, capacity: context.batchCapacity)
  }

  private func claim() -> (index: Int, state: AggregateState)? {
    monitor.withLock {
      guard next < sink.partitions.count, let state = sink.partitions[next] else { return nil }
      next += 1
      return (next - 1, state)
    }
  }

  private final class Reader: BatchReader {
    private let source: AggregateSource
    private let capacity: Int
    private var current: (index: Int, state: AggregateState)?
    private var position = 0

    init(_ source: AggregateSource, capacity: Int) {
      self.source = source
      self.capacity = capacity
    }

    func next() throws(SQLError) -> SourceBatch? {
      while true {
        if let (index, state) = current, position < state.groupCount {
          let range = position..<min(position + capacity, state.groupCount)
          position = range.upperBound
          return SourceBatch(batch: try state.finish(range), morsel: index)
        }
        guard let claimed = source.claim() else { return nil }
        current = claimed
        position = 0
      }
    }
  }
}
