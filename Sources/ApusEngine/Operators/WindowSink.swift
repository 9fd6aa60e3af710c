import ApusValues
import ApusVectors
import Synchronization

/// Collects rows, sorts them by partition and order, and computes the functions of ranges of them in
/// tasks.
///
/// Safety: `collectors` is guarded by the monitor while workers close; the rest changes between
/// rounds; tasks write results of their own segment under the monitor.
final class WindowSink: BatchSink, @unchecked Sendable {
  /// Neighbours in the sorted rows.
  struct Segment {
    var range: Range<Int>
    /// One vector per function, row for row.
    var results: [ColumnVector] = []
  }

  /// What the tasks of a round do.
  private enum Round {
    case collect
    case concatenate(ColumnConcatenation)
    case sort
    case gather(WindowRows)
    case findBoundaries(WindowRows)
    case evaluate(WindowRows)
  }

  let node: Int
  let specification: WindowSpecification
  private let monitor = Monitor()
  private var collectors: [BatchCollector] = []
  private var round = Round.collect
  private(set) var rows: ConcatenatedColumns?
  private(set) var sort: ParallelSort?
  private(set) var segments: [Segment] = []
  private var reservation: Reservation?

  init(node: Int, specification: WindowSpecification) {
    self.node = node
    self.specification = specification
  }

  func makeConsumer(_ context: WorkerContext) -> any SinkConsumer { Consumer(self, context) }

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
      round = .sort
      return sort.prepareRound()
    case .sort:
      guard let sort, let rows, rows.rowCount > 0 else { return nil }
      if let count = sort.prepareRound() { return count }
      let sorted = try WindowRows(specification, rows, sort, context)
      round = .gather(sorted)
      return sorted.taskCount
    case .gather(let sorted):
      sorted.finishGathering()
      round = .findBoundaries(sorted)
      return sorted.taskCount
    case .findBoundaries(let sorted):
      sorted.finishBoundaries()
      segments = sorted.segments(count: context.workerCount * 4, workerCount: context.workerCount)
        .map { Segment(range: $0) }
      try reserveResults(sorted, context)
      round = .evaluate(sorted)
      return segments.count
    case .evaluate:
      // What the functions read is not needed any more.
      round = .collect
      return nil
    }
  }

  private func reserveResults(_ sorted: WindowRows, _ context: WorkerContext) throws(SQLError) {
    let reservation = Reservation(context.memory)
    let stride = specification.functions.reduce(0) { $0 + $1.type.physicalType.stride + 1 }
    try reservation.resize(to: sorted.rowCount * stride)
    self.reservation = reservation
    context.profile.addPeak(
      (rows?.byteCount ?? 0) + (sort?.byteCount ?? 0) + sorted.byteCount + reservation.byteCount,
      node: node
    )
  }

  func runTask(_ task: Int, _ context: WorkerContext) throws(SQLError) {
    switch round {
    case .collect: break
    case .concatenate(let concatenation): try concatenation.runTask(task)
    case .sort: sort?.runTask(task)
    case .gather(let sorted): sorted.gather(task)
    case .findBoundaries(let sorted): sorted.findBoundaries(task)
    case .evaluate(let sorted):
      let segment = WindowSegment(
        sorted,
        monitor.withLock { segments[task].range },
        context
      )
      var results: [ColumnVector] = []
      for function in specification.functions { results.append(try segment.evaluate(function)) }
      monitor.withLock { segments[task].results = results }
    }
  }

  private final class Consumer: SinkConsumer {
    private let sink: WindowSink
    private let collector: BatchCollector

    init(_ sink: WindowSink, _ context: WorkerContext) {
      self.sink = sink
      collector = BatchCollector(memory: context.memory)
    }

    func consume(_ batch: Batch) throws(SQLError) -> Bool {
      let columns = try sink.specification.columns.evaluated(batch)
      try collector.append(Batch(columns: columns, rowCount: batch.rowCount))
      return true
    }

    func close() {
      sink.monitor.withLock { sink.collectors.append(collector) }
    }
  }
}

/// Puts out the rows of a window node, segment by segment.
final class WindowSource: BatchSource {
  let node: Int
  private let sink: WindowSink
  private let next = Atomic<Int>(0)

  init(_ sink: WindowSink) {
    node = sink.node
    self.sink = sink
  }

  func makeReader(_ context: WorkerContext) -> any BatchReader {
    Reader(self, capacity: context.batchCapacity)
  }

  private final class Reader: BatchReader {
    private let source: WindowSource
    private let capacity: Int
    private var segment: WindowSink.Segment?
    private var position = 0

    init(_ source: WindowSource, capacity: Int) {
      self.source = source
      self.capacity = capacity
    }

    func next() -> SourceBatch? {
      let sink = source.sink
      guard let sort = sink.sort, let all = sink.rows else { return nil }
      while true {
        if let segment, position < segment.range.count {
          let slice = position..<min(position + capacity, segment.range.count)
          position = slice.upperBound
          let start = segment.range.lowerBound
          let order = sort.rows(start + slice.lowerBound..<start + slice.upperBound)
          var columns = order.withUnsafeBufferPointer { rows in
            all.columns.prefix(sink.specification.outputCount).map { $0.gather(rows) }
          }
          columns += segment.results.map { $0.slice(slice) }
          return SourceBatch(batch: Batch(columns: columns, rowCount: slice.count), morsel: 0)
        }
        let index = source.next.add(1, ordering: .relaxed).oldValue
        guard index < sink.segments.count else { return nil }
        segment = sink.segments[index]
        position = 0
      }
    }
  }
}
