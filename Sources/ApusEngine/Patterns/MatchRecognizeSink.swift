import ApusValues
import ApusVectors
import Synchronization

/// Sorts rows by partition and order for a pattern to be looked for in them.
final class MatchRecognizeSink: BatchSink {
  let node: Int
  let specification: MatchSpecification
  let partitions: PartitionSort

  init(node: Int, specification: MatchSpecification) {
    self.node = node
    self.specification = specification
    partitions = PartitionSort(
      specification.partitions,
      reading: Set(specification.partitions.columns.indices),
      node: node
    )
  }

  func makeConsumer(_ context: WorkerContext) -> any SinkConsumer {
    partitions.makeConsumer(context)
  }

  func prepareRound(_ context: WorkerContext) throws(SQLError) -> Int? {
    if let count = try partitions.prepareRound(context) { return count }
    context.profile.addPeak(partitions.byteCount, node: node)
    partitions.dropUnsorted()
    return nil
  }

  func runTask(_ task: Int, _ context: WorkerContext) throws(SQLError) {
    try partitions.runTask(task)
  }
}

/// Puts out what matches give; workers take some partitions at a time.
final class MatchRecognizeSource: BatchSource {
  let node: Int
  private let sink: MatchRecognizeSink
  private let next = Atomic<Int>(0)

  init(_ sink: MatchRecognizeSink) {
    node = sink.node
    self.sink = sink
  }

  func makeReader(_ context: WorkerContext) -> any BatchReader { Reader(self, context) }

  /// Takes neighbouring partitions that have together a part of the rows; nil if none are left.
  private func takePartitions(_ rows: SortedPartitions, workerCount: Int) -> Range<Int>? {
    let size = max(rows.rowCount / (workerCount * 8), 1)
    let starts = rows.partitionStarts
    while true {
      let first = next.load(ordering: .relaxed)
      guard first < starts.count - 1 else { return nil }
      var end = first + 1
      while end < starts.count - 1, Int(starts[end] - starts[first]) < size { end += 1 }
      let exchange = next.compareExchange(expected: first, desired: end, ordering: .relaxed)
      if exchange.exchanged { return first..<end }
    }
  }

  private final class Reader: BatchReader {
    private let source: MatchRecognizeSource
    private let context: WorkerContext
    private var search: SegmentSearch?
    private var batch = Batch(columns: [], rowCount: 0)
    private var position = 0

    init(_ source: MatchRecognizeSource, _ context: WorkerContext) {
      self.source = source
      self.context = context
    }

    func next() throws(SQLError) -> SourceBatch? {
      guard let rows = source.sink.partitions.sorted else { return nil }
      while true {
        if position < batch.rowCount {
          // A match may put out more rows than a batch holds.
          let slice = position..<min(position + context.batchCapacity, batch.rowCount)
          position = slice.upperBound
          return SourceBatch(batch: batch.slice(slice), morsel: 0)
        }
        if let search {
          if let found = try search.next() {
            batch = found
            position = 0
          } else {
            self.search = nil
          }
          continue
        }
        guard let partitions = source.takePartitions(rows, workerCount: context.workerCount) else {
          return nil
        }
        search = try SegmentSearch(
          source.sink.specification,
          rows,
          partitions: partitions,
          context
        )
      }
    }
  }
}
