/// How the groups of several states are divided, so that equal keys meet.
struct GroupDivision {
  private let partitioning: HashPartitioning
  /// Divides in the other's place where keys are integers that lie close together.
  private let ranges: RangePartitioning?
  private let groupCount: Int

  /// Groups that a partition has about, so that its table stays in a core's cache.
  private static let groupsPerPartition = 16_384

  /// - Parameter isSpilled: whether rows have been divided already, by `SpillPartitioning.groups`.
  init(of states: [AggregateState], isSpilled: Bool, workerCount: Int) {
    groupCount = states.reduce(0) { $0 + $1.groupCount }
    if isSpilled {
      partitioning = HashPartitioning(atLeast: SpillPartitioning.count)
      ranges = nil
      return
    }
    partitioning = HashPartitioning(
      atLeast: max(groupCount / GroupDivision.groupsPerPartition, workerCount * 4)
    )
    ranges = GroupDivision.denseRange(of: states, groupCount: groupCount).flatMap {
      [partitioning] in RangePartitioning($0, atMost: partitioning.count)
    }
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

  /// The number of partitions.
  var count: Int { ranges?.count ?? partitioning.count }

  /// The partition of each key.
  func partitions(of keys: KeyRows) -> [UInt8] {
    ranges?.partitions(of: keys) ?? partitioning.partitions(of: keys)
  }

  /// Tells a state without groups which ones it will have.
  func announce(_ partition: Int, to state: AggregateState) {
    guard let ranges else { return }
    state.groups?.table.expect(ranges.range(of: partition), groupCount: groupCount)
  }
}
