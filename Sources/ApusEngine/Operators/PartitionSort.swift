import ApusValues
import ApusVectors

/// Collects rows and sorts them by partition and order, in rounds of tasks.
///
/// Safety: `collectors` is guarded by the monitor while workers close; the rest changes between
/// rounds.
final class PartitionSort: @unchecked Sendable {
  private enum Round {
    case collect
    case concatenate(ColumnConcatenation)
    case sort(ParallelSort)
    case gather(SortedPartitions)
    case findBoundaries(SortedPartitions)
    case done
  }

  let specification: PartitionSpecification
  private let node: Int
  private let readColumns: Set<Int>
  private let monitor = Monitor()
  private var collectors: [BatchCollector] = []
  private var round = Round.collect
  /// The collected rows in the order in which they came.
  private(set) var rows: ConcatenatedColumns?
  private(set) var sort: ParallelSort?
  /// The rows in their order; nil until the last round is over, and if there are none.
  private(set) var sorted: SortedPartitions?

  /// - Parameter readColumns: what is read of the sorted rows besides the keys.
  init(_ specification: PartitionSpecification, reading readColumns: Set<Int>, node: Int) {
    self.specification = specification
    self.readColumns = readColumns
    self.node = node
  }

  /// The bytes that the rows take.
  var byteCount: Int {
    (rows?.byteCount ?? 0) + (sort?.byteCount ?? 0) + (sorted?.byteCount ?? 0)
  }

  func makeConsumer(_ context: WorkerContext) -> any SinkConsumer { Consumer(self, context) }

  /// Returns the tasks of the next round, or nil when the rows are sorted.
  func prepareRound(_ context: WorkerContext) throws(SQLError) -> Int? {
    switch round {
    case .collect:
      let concatenation = try ColumnConcatenation(
        collectors.flatMap(\.batches),
        types: specification.columns.map(\.type),
        memory: context.memory
      )
      round = .concatenate(concatenation)
      return concatenation.taskCount
    case .concatenate(let concatenation):
      let rows = concatenation.finish()
      self.rows = rows
      for collector in collectors {
        context.profile.addPeak(collector.reservation.peakByteCount, node: node)
      }
      collectors = []
      let sort = try ParallelSort(
        specification.sortOrders,
        keys: specification.sortKeys.map { rows.columns[$0] },
        rowCount: rows.rowCount,
        workerCount: context.workerCount,
        memory: context.memory
      )
      self.sort = sort
      round = .sort(sort)
      return sort.prepareRound()
    case .sort(let sort):
      guard let rows, rows.rowCount > 0 else { return nil }
      if let count = sort.prepareRound() { return count }
      let sorted = try SortedPartitions(specification, reading: readColumns, rows, sort, context)
      round = .gather(sorted)
      return sorted.taskCount
    case .gather(let sorted):
      sorted.finishGathering()
      round = .findBoundaries(sorted)
      return sorted.taskCount
    case .findBoundaries(let sorted):
      sorted.finishBoundaries()
      self.sorted = sorted
      round = .done
      return nil
    case .done:
      return nil
    }
  }

  /// Gives back the memory of the sorted rows.
  func dropSorted() { sorted = nil }

  /// Gives back the memory of the rows as they came.
  func dropUnsorted() {
    rows = nil
    sort = nil
  }

  func runTask(_ task: Int) throws(SQLError) {
    switch round {
    case .collect, .done: break
    case .concatenate(let concatenation): try concatenation.runTask(task)
    case .sort(let sort): sort.runTask(task)
    case .gather(let sorted): sorted.gather(task)
    case .findBoundaries(let sorted): sorted.findBoundaries(task)
    }
  }

  private final class Consumer: SinkConsumer {
    private let target: PartitionSort
    private let collector: BatchCollector

    init(_ target: PartitionSort, _ context: WorkerContext) {
      self.target = target
      collector = BatchCollector(memory: context.memory)
    }

    func consume(_ batch: Batch) throws(SQLError) -> Bool {
      let columns = try target.specification.columns.evaluated(batch)
      try collector.append(Batch(columns: columns, rowCount: batch.rowCount))
      return true
    }

    func close() {
      target.monitor.withLock { target.collectors.append(collector) }
    }
  }
}
