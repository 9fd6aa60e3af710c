import ApusValues
import ApusVectors
import Synchronization

/// Sorts rows by partition and order, and computes the functions of ranges of them in tasks.
///
/// Safety: `segments` changes between rounds, but for the results of a task's own segment, which are
/// written under the monitor.
final class WindowSink: BatchSink, @unchecked Sendable {
  /// Neighbours in the sorted rows.
  struct Segment {
    var range: Range<Int>
    /// One vector per function, row for row.
    var results: [ColumnVector] = []
  }

  let node: Int
  let specification: WindowSpecification
  let partitions: PartitionSort
  private let monitor = Monitor()
  private(set) var segments: [Segment] = []
  private var reservation: Reservation?
  /// The rows whose functions are being computed.
  private var evaluated: SortedPartitions?

  init(node: Int, specification: WindowSpecification) {
    self.node = node
    self.specification = specification
    partitions = PartitionSort(
      specification.partitions,
      reading: specification.readColumns,
      node: node
    )
  }

  func makeConsumer(_ context: WorkerContext) -> any SinkConsumer {
    partitions.makeConsumer(context)
  }

  func prepareRound(_ context: WorkerContext) throws(SQLError) -> Int? {
    if evaluated != nil {
      evaluated = nil
      // What the functions read is not needed any more.
      partitions.dropSorted()
      return nil
    }
    if let count = try partitions.prepareRound(context) { return count }
    guard let sorted = partitions.sorted else { return nil }
    segments = sorted.segments(count: context.workerCount * 4, workerCount: context.workerCount)
      .map { Segment(range: $0) }
    try reserveResults(sorted, context)
    evaluated = sorted
    return segments.count
  }

  private func reserveResults(_ sorted: SortedPartitions, _ context: WorkerContext)
    throws(SQLError)
  {
    let reservation = Reservation(context.memory)
    let stride = specification.functions.reduce(0) { $0 + $1.type.physicalType.stride + 1 }
    try reservation.resize(to: sorted.rowCount * stride)
    self.reservation = reservation
    context.profile.addPeak(partitions.byteCount + reservation.byteCount, node: node)
  }

  func runTask(_ task: Int, _ context: WorkerContext) throws(SQLError) {
    guard let evaluated else { return try partitions.runTask(task) }
    let segment = WindowSegment(
      evaluated,
      monitor.withLock { segments[task].range },
      specification,
      context
    )
    var results: [ColumnVector] = []
    for function in specification.functions { results.append(try segment.evaluate(function)) }
    monitor.withLock { segments[task].results = results }
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
      guard let sort = sink.partitions.sort, let all = sink.partitions.rows else { return nil }
      while true {
        if let segment, position < segment.range.count {
          let slice = position..<min(position + capacity, segment.range.count)
          position = slice.upperBound
          let start = segment.range.lowerBound
          let order = sort.rows(start + slice.lowerBound..<start + slice.upperBound)
          var columns = order.withUnsafeBufferPointer { rows in
            all.columns.prefix(sink.specification.partitions.outputCount).map { $0.gather(rows) }
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
