import ApusValues
import ApusVectors
import Synchronization

/// Collects rows, sorts them by partition and order, and computes the functions of whole partitions
/// in tasks.
///
/// Safety: `collectors` is guarded by the monitor while workers close; the rest changes between
/// rounds; tasks write results of their own segment under the monitor.
final class WindowSink: BatchSink, @unchecked Sendable {
  /// Whole partitions one after the other in the sorted rows.
  struct Segment {
    var range: Range<Int>
    /// One vector per function, row for row.
    var results: [ColumnVector] = []
  }

  let node: Int
  let specification: WindowSpecification
  private let monitor = Monitor()
  private var collectors: [BatchCollector] = []
  private var concatenation: ColumnConcatenation?
  private(set) var rows: ConcatenatedColumns?
  private(set) var sort: ParallelSort?
  private var isSorted = false
  private(set) var segments: [Segment] = []
  private var reservation: Reservation?

  init(node: Int, specification: WindowSpecification) {
    self.node = node
    self.specification = specification
  }

  func makeConsumer(_ context: WorkerContext) -> any SinkConsumer { Consumer(self, context) }

  func prepareRound(_ context: WorkerContext) throws(SQLError) -> Int? {
    if isSorted {
      return nil
    }
    if let sort, let rows {
      if let count = sort.prepareRound() { return count }
      isSorted = true
      segments = makeSegments(sort, rows, count: context.workerCount * 4)
      let reservation = Reservation(context.memory)
      let resultStride = specification.functions.reduce(0) {
        $0 + $1.type.physicalType.stride + 1
      }
      try reservation.resize(to: rows.rowCount * resultStride)
      self.reservation = reservation
      context.profile.addPeak(
        rows.byteCount + sort.byteCount + reservation.byteCount,
        node: node
      )
      return segments.count
    }
    if let concatenation {
      let rows = concatenation.finish()
      self.rows = rows
      self.concatenation = nil
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
      return sort.prepareRound()
    }
    let concatenation = try ColumnConcatenation(
      collectors.flatMap(\.batches),
      types: specification.columns.map(\.type),
      memory: context.memory
    )
    self.concatenation = concatenation
    return concatenation.taskCount
  }

  func runTask(_ task: Int, _ context: WorkerContext) throws(SQLError) {
    if let concatenation {
      try concatenation.runTask(task)
    } else if let sort, let rows {
      guard isSorted else {
        sort.runTask(task)
        return
      }
      let range = monitor.withLock { segments[task].range }
      let evaluation = WindowSegment(
        specification,
        columns: rows.columns,
        order: sort.rows(range)
      )
      var results: [ColumnVector] = []
      for function in specification.functions {
        results.append(try evaluation.evaluate(function, context.cancellation))
      }
      monitor.withLock { segments[task].results = results }
    }
  }

  /// Cuts the sorted rows where partitions begin, into about `count` parts.
  private func makeSegments(
    _ sort: ParallelSort,
    _ rows: ConcatenatedColumns,
    count: Int
  ) -> [Segment] {
    let total = rows.rowCount
    guard total > 0 else { return [] }
    let partitions = RowComparator(
      specification.partitionOrders,
      keys: specification.partitionKeys.map { rows.columns[$0] }
    )
    let size = max(total / count, 1)
    var segments: [Segment] = []
    var start = 0
    while start < total {
      var end = min(start + size, total)
      // The partition of the last row goes on to the first place of another one.
      let last = sort.row(at: end - 1)
      var upper = total
      while end < upper {
        let middle = (end + upper) / 2
        if partitions.compare(last, sort.row(at: middle)) == 0 {
          end = middle + 1
        } else {
          upper = middle
        }
      }
      segments.append(Segment(range: start..<end))
      start = end
    }
    return segments
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
