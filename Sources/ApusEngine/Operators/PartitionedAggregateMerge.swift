import ApusValues
import ApusVectors
import Synchronization

// Many groups, merged on all cores:
//
//   worker 0   [ 2 0 1 1 3 0 … ]──split──▶ 0: 1 5 …   1: 2 3 …   2: 0 …   3: 4 …
//   worker 1   [ 1 3 0 2 … ]─────split──▶ 0: 2 …     1: 0 …     2: 3 …   3: 1 …
//   spilled rows, by the same division ─▶ 0: …        1: …       2: …     3: …
//                                            ▼          ▼          ▼        ▼
//                                         groups     groups     groups    groups
//
// A group's partition is told by its key's hash, or by its key where keys are integers that lie close
// together. So equal keys meet in one partition, and no two have a group in common. What the workers
// have collected stays where it is and is only read. The groups of a partition are made when a worker
// puts them out, so that they are still in its caches and few are there at a time.

/// Merges states with many groups, and what was spilled, partition by partition.
///
/// Safety: a task divides its own state, or makes groups of its own; those of different partitions have
/// nothing in common.
final class PartitionedAggregateMerge: AggregateMerge, @unchecked Sendable {
  private enum Round {
    case divide
    case make
    case end
  }

  /// The groups of one partition.
  private final class Kept {
    var groups: AggregateState?
  }

  /// Groups from which it pays.
  static let minimumGroupCount = 4096

  private let specification: AggregateSpecification
  private let division: GroupDivision
  private let sources: [PartitionedAggregateState]
  private let spilled: SpilledPartitions?
  /// Whether all groups are made at once, in a round of their own, to be read more than once.
  private let keepsGroups: Bool
  private var kept: [Kept] = []
  private var round = Round.divide
  private let next = Atomic<Int>(0)

  init(
    _ specification: AggregateSpecification,
    _ states: [AggregateState],
    _ spilled: SpilledPartitions?,
    keepsGroups: Bool,
    _ context: WorkerContext
  ) {
    self.specification = specification
    division = GroupDivision(
      of: states,
      isSpilled: spilled != nil,
      workerCount: context.workerCount
    )
    sources = states.map { PartitionedAggregateState($0, memory: context.memory) }
    self.spilled = spilled
    self.keepsGroups = keepsGroups
  }

  var results: [AggregateState] { kept.compactMap(\.groups) }

  func prepareRound(_ context: WorkerContext) -> Int? {
    switch round {
    case .divide:
      round = keepsGroups ? .make : .end
      return sources.count
    case .make:
      kept = (0..<division.count).map { _ in Kept() }
      round = .end
      return division.count
    case .end:
      return nil
    }
  }

  func runTask(_ task: Int, _ context: WorkerContext) throws(SQLError) {
    if kept.isEmpty {
      try sources[task].split(count: division.count) { division.partitions(of: $0) }
    } else {
      let part = SpilledPart(partition: task, partitioning: .groups)
      kept[task].groups = try groups(of: part, context)
    }
  }

  /// Claims a partition for the calling worker.
  func nextPart() -> SpilledPart? {
    let partition = next.add(1, ordering: .relaxed).oldValue
    return partition < division.count
      ? SpilledPart(partition: partition, partitioning: .groups) : nil
  }

  /// Makes the groups of a part.
  ///
  /// - Throws: EXCEEDED_LOCAL_MEMORY_LIMIT if they do not fit; it may be tried again with less.
  func groups(of part: SpilledPart, _ context: WorkerContext) throws(SQLError) -> AggregateState {
    let result = try AggregateState(specification, memory: context.memory)
    if part.isWhole { division.announce(part.partition, to: result) }
    try result.merge(sources, part, specification, context.cancellation)
    let mergedCounts = result.distinctRows.map(\.count)
    if let rows = spilled?[part.partition], !rows.isEmpty {
      try add(rows, of: part, to: result, context)
    }
    for (set, count) in mergedCounts.enumerated() {
      try result.feedDistinct(set, count..<result.distinctRows[set].count)
    }
    result.dropDistinct()
    try result.book()
    return result
  }

  private func add(
    _ rows: SpilledRows,
    of part: SpilledPart,
    to result: AggregateState,
    _ context: WorkerContext
  ) throws(SQLError) {
    let encoder = KeyEncoder(specification.keyLayout)
    let reader = rows.makeReader(batchCapacity: context.batchCapacity)
    while let batch = try reader.nextBatch() {
      try context.cancellation.check()
      var wanted = batch
      if !part.isWhole {
        encoder.encode(specification.keys.map { batch.columns[$0] }, rowCount: batch.rowCount)
        wanted = batch.select(part.rows(encoder.hashes, rowCount: batch.rowCount))
        if wanted.rowCount == 0 { continue }
      }
      try result.update(wanted)
      if result.isBookingDue { try result.book() }
    }
  }
}

/// Puts out the groups of a partitioned merge, which it makes.
final class PartitionedAggregateReader: BatchReader {
  private let merge: PartitionedAggregateMerge
  private let context: WorkerContext
  /// Parts to make before new ones are claimed.
  private var pending: [SpilledPart] = []
  private var groups: AggregateState?
  private var position = 0

  init(_ merge: PartitionedAggregateMerge, _ context: WorkerContext) {
    self.merge = merge
    self.context = context
  }

  func next() throws(SQLError) -> SourceBatch? {
    while true {
      if let groups {
        let end = min(position + context.batchCapacity, groups.groupCount)
        if position < end {
          defer { position = end }
          return SourceBatch(batch: try groups.finish(position..<end), morsel: 0)
        }
        self.groups = nil
      }
      guard let part = pending.popLast() ?? merge.nextPart() else { return nil }
      position = 0
      do {
        groups = try merge.groups(of: part, context)
      } catch  where error.code == .exceededLocalMemoryLimit && !part.halves.isEmpty {
        pending.append(contentsOf: part.halves)
      }
    }
  }
}
