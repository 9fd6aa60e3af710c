import ApusValues
import ApusVectors

/// Aggregates the same rows by several sets of keys.
///
/// Rows are fed to those sets only that no other one contains. The groups of every other set are
/// added up from groups that are there, those of the set with the fewest that contains it: merging
/// states gives what feeding all rows gives. Distinct arguments are forgotten by then, so with
/// DISTINCT all sets see all rows.
///
/// Safety: sets are finished one after the other, between rounds.
final class GroupingSetsSink: BatchSink, @unchecked Sendable {
  let node: Int
  /// One for each set.
  let members: [HashAggregateSink]
  private let sets: [[Int]]
  /// The members that are fed with rows.
  private let roots: [Int]
  /// All members, each after those whose sets contain its own.
  private let order: [Int]
  private var finishedCount = 0
  /// What adds up the groups of the next member to finish, if it is no root.
  private var addition: GroupAddition?

  /// - Parameters:
  ///   - sets: for each set its keys, as positions among all.
  ///   - specifications: one for each set, alike but for the keys and the output.
  init(node: Int, sets: [[Int]], specifications: [AggregateSpecification]) {
    self.node = node
    self.sets = sets
    order = sets.indices.sorted {
      sets[$0].count != sets[$1].count ? sets[$0].count > sets[$1].count : $0 < $1
    }
    let hasDistinct = specifications.contains { !$0.distinctSets.isEmpty }
    var roots: [Int] = []
    for member in order {
      let isContained = roots.contains { Set(sets[member]).isSubset(of: sets[$0]) }
      if hasDistinct || !isContained { roots.append(member) }
    }
    self.roots = roots
    // Groups that are made part by part cannot be added up to others.
    let canSpill = roots.count == sets.count
    members = specifications.map {
      HashAggregateSink(node: node, specification: $0, canSpill: canSpill)
    }
  }

  func makeConsumer(_ context: WorkerContext) throws(SQLError) -> any SinkConsumer {
    var consumers: [any SinkConsumer] = []
    for root in roots { consumers.append(try members[root].makeConsumer(context)) }
    return Consumer(consumers)
  }

  func prepareRound(_ context: WorkerContext) throws(SQLError) -> Int? {
    while finishedCount < order.count {
      let member = order[finishedCount]
      if !roots.contains(member) {
        guard let addition else {
          let addition = makeAddition(to: member, context)
          self.addition = addition
          return addition.taskCount
        }
        addition.finish()
      }
      if let taskCount = try members[member].prepareRound(context) { return taskCount }
      addition = nil
      finishedCount += 1
    }
    return nil
  }

  func runTask(_ task: Int, _ context: WorkerContext) throws(SQLError) {
    if let addition, !addition.isFinished {
      try addition.runTask(task, context)
    } else {
      try members[order[finishedCount]].runTask(task, context)
    }
  }

  private func makeAddition(to member: Int, _ context: WorkerContext) -> GroupAddition {
    let sources = order.prefix(finishedCount).filter {
      Set(sets[member]).isSubset(of: sets[$0])
    }
    let source = sources.min { members[$0].groupCount < members[$1].groupCount } ?? member
    return GroupAddition(
      of: members[source].results,
      keys: sets[member].compactMap { sets[source].firstIndex(of: $0) },
      to: members[member],
      workerCount: context.workerCount
    )
  }

  private final class Consumer: SinkConsumer {
    private let consumers: [any SinkConsumer]

    init(_ consumers: [any SinkConsumer]) { self.consumers = consumers }

    func consume(_ batch: Batch) throws(SQLError) -> Bool {
      for consumer in consumers { _ = try consumer.consume(batch) }
      return true
    }

    func close() throws(SQLError) { for consumer in consumers { try consumer.close() } }
  }
}

/// Adds up finished groups to groups by some of their keys, in tasks of one round.
///
/// Safety: a task changes the state of its worker.
private final class GroupAddition: @unchecked Sendable {
  private let tasks: [(state: AggregateState, groups: Range<Int>)]
  private let keys: [Int]
  private let target: HashAggregateSink
  private var states: [AggregateState?]
  private let monitor = Monitor()
  private(set) var isFinished = false

  /// Groups of a task, and of a call of the accumulators.
  private static let taskGroupCount = 32_768
  private static let chunkGroupCount = 2048

  /// - Parameters:
  ///   - results: groups in parts.
  ///   - keys: the keys that count, as positions among those of the results.
  init(of results: [AggregateState], keys: [Int], to target: HashAggregateSink, workerCount: Int) {
    tasks = results.flatMap { state in
      stride(from: 0, to: state.groupCount, by: GroupAddition.taskGroupCount).map {
        (state, $0..<min($0 + GroupAddition.taskGroupCount, state.groupCount))
      }
    }
    self.keys = keys
    self.target = target
    states = Array(repeating: nil, count: workerCount)
  }

  var taskCount: Int { tasks.count }

  func runTask(_ task: Int, _ context: WorkerContext) throws(SQLError) {
    let (source, groups) = tasks[task]
    let state = try state(context)
    for start in stride(
      from: groups.lowerBound,
      to: groups.upperBound,
      by: GroupAddition.chunkGroupCount
    ) {
      try context.cancellation.check()
      let end = min(start + GroupAddition.chunkGroupCount, groups.upperBound)
      try state.add(source, keys: keys, groups: start..<end)
    }
    try state.book()
  }

  private func state(_ context: WorkerContext) throws(SQLError) -> AggregateState {
    if let state = monitor.withLock({ states[context.index] }) { return state }
    let state = try target.makeState(context)
    monitor.withLock { states[context.index] = state }
    return state
  }

  /// Hands the states to the sink that merges them.
  func finish() {
    guard !isFinished else { return }
    isFinished = true
    for case let state? in states { target.add(state) }
    states = []
  }
}

/// Puts out the groups of several sets, set by set.
final class GroupingSetsSource: BatchSource {
  /// Where a column comes from.
  enum Column: Sendable {
    /// A position in the batches of the set.
    case member(Int)
    case constant(Value, SQLType)
  }

  let node: Int
  private let sources: [AggregateSource]
  private let columns: [[Column]]

  /// - Parameter columns: for each set the output columns.
  init(_ sink: GroupingSetsSink, columns: [[Column]]) {
    node = sink.node
    sources = sink.members.map { AggregateSource($0) }
    self.columns = columns
  }

  func makeReader(_ context: WorkerContext) -> any BatchReader {
    Reader(sources.map { $0.makeReader(context) }, columns)
  }

  private final class Reader: BatchReader {
    private let readers: [any BatchReader]
    private let columns: [[Column]]
    private var set = 0

    init(_ readers: [any BatchReader], _ columns: [[Column]]) {
      self.readers = readers
      self.columns = columns
    }

    func next() throws(SQLError) -> SourceBatch? {
      while set < readers.count {
        guard var result = try readers[set].next() else {
          set += 1
          continue
        }
        let batch = result.batch
        result.batch = Batch(
          columns: columns[set].map { column in
            switch column {
            case .member(let position): batch.columns[position]
            case .constant(let value, let type): .constant(value, type: type, count: batch.rowCount)
            }
          },
          rowCount: batch.rowCount
        )
        return result
      }
      return nil
    }
  }
}
