import ApusValues
import ApusVectors
import Synchronization

/// Makes the groups of an aggregation part by part, of what all workers have collected and spilled:
/// its rounds only divide what is in memory.
///
/// Safety: a task divides its own state; parts of different partitions have no group in common.
final class AggregateParts: AggregateMerge, @unchecked Sendable {
  private let specification: AggregateSpecification
  private let sources: [PartitionedAggregateState]
  private let spilled: SpilledPartitions?
  private let partitioning = HashPartitioning(atLeast: SpillPartitioning.count)
  private var isDivided = false
  private let next = Atomic<Int>(0)

  init(
    _ specification: AggregateSpecification,
    _ states: [AggregateState],
    _ spilled: SpilledPartitions?,
    _ context: WorkerContext
  ) {
    self.specification = specification
    sources = states.map { PartitionedAggregateState($0, memory: context.memory) }
    self.spilled = spilled
  }

  var results: [AggregateState] { [] }

  func prepareRound(_ context: WorkerContext) -> Int? {
    if isDivided { return nil }
    isDivided = true
    return sources.count
  }

  func runTask(_ task: Int, _ context: WorkerContext) throws(SQLError) {
    try sources[task].split(count: partitioning.count) { partitioning.partitions(of: $0) }
  }

  /// Claims a partition for the calling worker.
  func nextPart() -> SpilledPart? {
    let partition = next.add(1, ordering: .relaxed).oldValue
    guard partition < partitioning.count else { return nil }
    return SpilledPart(partition: partition, partitioning: .groups)
  }

  /// Makes the groups of a part.
  ///
  /// - Throws: EXCEEDED_LOCAL_MEMORY_LIMIT if they do not fit; it may be tried again with less.
  func groups(of part: SpilledPart, _ context: WorkerContext) throws(SQLError) -> AggregateState {
    let result = try AggregateState(specification, memory: context.memory)
    try result.merge(
      sources,
      partition: part.partition,
      part: part,
      specification,
      context.cancellation
    )
    let mergedCounts = result.distinctRows.map(\.count)
    if let rows = spilled?[part.partition], !rows.isEmpty {
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
    for (set, count) in mergedCounts.enumerated() {
      try result.feedDistinct(set, count..<result.distinctRows[set].count)
    }
    result.dropDistinct()
    try result.book()
    return result
  }
}

/// Puts out groups that are made part by part.
final class AggregatePartsReader: BatchReader {
  private let parts: AggregateParts
  private let context: WorkerContext
  /// Parts to make before new ones are claimed.
  private var pending: [SpilledPart] = []
  private var groups: AggregateState?
  private var position = 0

  init(_ parts: AggregateParts, _ context: WorkerContext) {
    self.parts = parts
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
      guard let part = pending.popLast() ?? parts.nextPart() else { return nil }
      position = 0
      do {
        groups = try parts.groups(of: part, context)
      } catch  where error.code == .exceededLocalMemoryLimit && !part.halves.isEmpty {
        pending.append(contentsOf: part.halves)
      }
    }
  }
}
