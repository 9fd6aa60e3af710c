import ApusValues

/// Merges states with few groups into the one with the most; where they have many distinct rows,
/// several tasks feed them, each to accumulators of its own, which are added up in the end.
///
/// Safety: a task of the first round changes its own split; one of the second its own share, or
/// what the result has of one distinct set.
final class DirectAggregateMerge: AggregateMerge {
  /// Rows of a distinct set from which it pays to divide them.
  private static let minimumDividedRowCount = 8192

  /// A state that was merged into the result, but for its distinct rows.
  private struct Source {
    let state: AggregateState
    /// The group in the result of each group; nil for the result itself.
    let targets: [Int32]?
  }

  /// The rows that one source has of one distinct set, divided by their hashes.
  private final class Split {
    let set: Int
    let source: Source
    var rows: PartitionedRows?
    let reservation: Reservation

    init(set: Int, source: Source, memory: MemoryPool) {
      self.set = set
      self.source = source
      reservation = Reservation(memory)
    }
  }

  /// One part of the hashes of one distinct set, and what calls make of its rows.
  private final class Share {
    let set: Int
    let part: Int
    var accumulators: [any Accumulator] = []
    let reservation: Reservation

    init(set: Int, part: Int, memory: MemoryPool) {
      self.set = set
      self.part = part
      reservation = Reservation(memory)
    }
  }

  private enum Task {
    case split(Split)
    case feed(Share)
    /// Feeds all rows of a set to the result.
    case feedAll(set: Int)
  }

  private enum Round {
    case split
    case feed
    case end
  }

  private let specification: AggregateSpecification
  private let states: [AggregateState]
  private var sources: [Source] = []
  private var splits: [Split] = []
  private var shares: [Share] = []
  private var partitioning = HashPartitioning(atLeast: 1)
  private var round = Round.split
  private var tasks: [Task] = []

  init(_ specification: AggregateSpecification, _ states: [AggregateState]) {
    self.specification = specification
    self.states = states.sorted { $0.groupCount > $1.groupCount }
  }

  var results: [AggregateState] { Array(states.prefix(1)) }

  func prepareRound(_ context: WorkerContext) throws(SQLError) -> Int? {
    guard let result = states.first else { return nil }
    switch round {
    case .split:
      try mergeGroups(into: result, context)
      makeSplits(context)
      tasks = splits.map { .split($0) }
      round = .feed
    case .feed:
      let divided = Set(splits.map(\.set))
      for set in specification.distinctSets.indices where divided.contains(set) {
        for part in 0..<partitioning.count {
          shares.append(Share(set: set, part: part, memory: context.memory))
        }
      }
      tasks = shares.map { .feed($0) }
      for set in specification.distinctSets.indices where !divided.contains(set) {
        tasks.append(.feedAll(set: set))
      }
      round = .end
    case .end:
      try addShares(to: result)
      result.dropDistinct()
      try result.book()
      return nil
    }
    return tasks.count
  }

  private func mergeGroups(into result: AggregateState, _ context: WorkerContext) throws(SQLError) {
    sources.append(Source(state: result, targets: nil))
    for state in states.dropFirst() {
      try context.cancellation.check()
      let targets = try allPositions(state.groupCount) { (groups) throws(SQLError) in
        try result.merge(state, groups: groups)
      }
      sources.append(Source(state: state, targets: targets))
      try result.book()
    }
  }

  /// Divides the sets of which several workers have many rows.
  private func makeSplits(_ context: WorkerContext) {
    partitioning = HashPartitioning(atLeast: context.workerCount * 4)
    for set in specification.distinctSets.indices where sources.count > 1 {
      let rowCount = sources.reduce(0) { $0 + $1.state.distinctRows[set].count }
      guard rowCount >= DirectAggregateMerge.minimumDividedRowCount else { continue }
      splits += sources.map { Split(set: set, source: $0, memory: context.memory) }
    }
  }

  func runTask(_ task: Int, _ context: WorkerContext) throws(SQLError) {
    switch tasks[task] {
    case .split(let split): try run(split)
    case .feed(let share): try run(share, context)
    case .feedAll(let set): try feedAll(set)
    }
  }

  private func run(_ split: Split) throws(SQLError) {
    let rows = split.source.state.distinctRows[split.set]
    try split.reservation.resize(to: rows.count * 4)
    split.rows = rows.split(partitioning, targets: split.source.targets)
  }

  private func run(_ share: Share, _ context: WorkerContext) throws(SQLError) {
    guard let result = states.first else { return }
    let set = share.set
    let union = DistinctRows(specification.layout(of: specification.distinctSets[set]))
    let accumulators = try specification.makeAccumulators()
    for accumulator in accumulators { accumulator.resize(groupCount: result.groupCount) }
    for split in splits where split.set == set {
      try context.cancellation.check()
      try split.rows?.withRows(of: share.part) { (rows) throws(SQLError) in
        try union.insert(
          split.source.state.distinctRows[set],
          rows: rows,
          targets: split.source.targets
        ) { (range) throws(SQLError) in
          try specification.feed(union, range, of: set, to: accumulators)
          try share.reservation.resize(to: union.byteCount)
        }
      }
    }
    share.accumulators = accumulators
    try share.reservation.resize(to: accumulators.reduce(0) { $0 + $1.byteCount })
  }

  private func feedAll(_ set: Int) throws(SQLError) {
    guard let result = states.first else { return }
    try result.feedDistinct(set, 0..<result.distinctRows[set].count)
    for source in sources {
      guard let targets = source.targets else { continue }
      try allPositions(source.state.distinctRows[set].count) { (rows) throws(SQLError) in
        try result.mergeDistinct(set, of: source.state, rows: rows, targets: targets)
      }
    }
  }

  private func addShares(to result: AggregateState) throws(SQLError) {
    try allPositions(result.groupCount) { (groups) throws(SQLError) in
      let mapping = GroupMapping(sources: groups, targets: groups)
      for share in shares {
        for (index, call) in specification.calls.enumerated() where call.distinctSet == share.set {
          try result.accumulators[index].merge(share.accumulators[index], mapping: mapping)
        }
      }
    }
  }

  /// Calls `body` with 0, 1, 2, … up to `count`.
  private func allPositions<Result>(
    _ count: Int,
    _ body: (UnsafeBufferPointer<Int32>) throws(SQLError) -> Result
  ) throws(SQLError) -> Result {
    let positions = (0..<Int32(truncatingIfNeeded: count)).map { $0 }
    return try positions.withUnsafeBufferPointer { (positions) throws(SQLError) in
      try body(positions)
    }
  }
}
