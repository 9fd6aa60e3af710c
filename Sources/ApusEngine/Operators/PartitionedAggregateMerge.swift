import ApusValues

// Many groups, merged on all cores:
//
//   worker 0   [ 2 0 1 1 3 0 … ]──split──▶ 0: 1 5 …   1: 2 3 …   2: 0 …   3: 4 …
//   worker 1   [ 1 3 0 2 … ]─────split──▶ 0: 2 …     1: 0 …     2: 3 …   3: 1 …
//                                            ▼          ▼          ▼        ▼
//                                         result 0   result 1   result 2  result 3
//
// A group's partition is told by its key's hash, or by its key where keys are integers that lie close
// together. So equal keys meet in one partition, and no two tasks have a group in common. What the workers have collected stays where it is and is only read.

/// Merges states with many groups: one task per partition of the keys makes one result.
///
/// Safety: a task of the first round changes its own source, one of the second its own result and
/// those places of `targets` whose groups are of its partition.
final class PartitionedAggregateMerge: AggregateMerge {
  /// Groups from which it pays.
  static let minimumGroupCount = 4096

  /// Groups that a partition has about, so that its table stays in a core's cache.
  private static let groupsPerPartition = 16_384

  /// What becomes of one partition.
  private final class Part {
    var state: AggregateState?
  }

  private enum Round {
    case split
    case merge
    case end
  }

  private let specification: AggregateSpecification
  private let partitioning: HashPartitioning
  /// Divides in the other's place.
  private let ranges: RangePartitioning?
  private let groupCount: Int
  private var sources: [PartitionedAggregateState]
  private var parts: [Part] = []
  private var round = Round.split

  init(
    _ specification: AggregateSpecification,
    _ states: [AggregateState],
    _ context: WorkerContext
  ) {
    self.specification = specification
    groupCount = states.reduce(0) { $0 + $1.groupCount }
    partitioning = HashPartitioning(
      atLeast: max(
        groupCount / PartitionedAggregateMerge.groupsPerPartition,
        context.workerCount * 4
      )
    )
    ranges = PartitionedAggregateMerge.denseRange(of: states, groupCount: groupCount).flatMap {
      [partitioning] in RangePartitioning($0, atMost: partitioning.count)
    }
    sources = states.map { PartitionedAggregateState($0, memory: context.memory) }
  }

  /// The range of the keys, if they are integers that all lie close together.
  private static func denseRange(of states: [AggregateState], groupCount: Int) -> IntegerRange? {
    var union: IntegerRange?
    for state in states {
      guard let range = state.groups?.table.denseRange else { return nil }
      var sum = union ?? range
      sum.add(range)
      union = sum
    }
    return union.flatMap { DirectSlots.areDense($0, groupCount: groupCount) ? $0 : nil }
  }

  private var partitionCount: Int { ranges?.count ?? partitioning.count }

  var results: [AggregateState] { parts.compactMap(\.state) }

  func prepareRound(_ context: WorkerContext) -> Int? {
    switch round {
    case .split:
      round = .merge
      return sources.count
    case .merge:
      parts = (0..<partitionCount).map { _ in Part() }
      round = .end
      return partitionCount
    case .end:
      sources = []
      return nil
    }
  }

  func runTask(_ task: Int, _ context: WorkerContext) throws(SQLError) {
    if parts.isEmpty {
      let source = sources[task]
      try source.split(count: partitionCount) { keys in
        ranges?.partitions(of: keys) ?? partitioning.partitions(of: keys)
      }
    } else {
      parts[task].state = try merge(task, context)
    }
  }

  private func merge(_ partition: Int, _ context: WorkerContext) throws(SQLError)
    -> AggregateState
  {
    let result = try AggregateState(specification, memory: context.memory)
    if let ranges {
      result.groups?.table.expect(ranges.range(of: partition), groupCount: groupCount)
    }
    try result.merge(sources, partition: partition, specification, context.cancellation)
    result.dropDistinct()
    try result.book()
    return result
  }
}
