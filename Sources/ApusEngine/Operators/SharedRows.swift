import ApusValues
import ApusVectors
import Synchronization

/// Keeps the rows of a subplan for all who read them.
///
/// Safety: `collectors` is guarded by the monitor, and read after all workers have closed.
final class SharedRowsSink: BatchSink, @unchecked Sendable {
  let node: Int
  private let monitor = Monitor()
  private var collectors: [BatchCollector] = []
  /// What has been collected, once all workers are through.
  private(set) var batches: [Batch] = []

  init(node: Int) { self.node = node }

  func makeConsumer(_ context: WorkerContext) -> any SinkConsumer {
    Consumer(self, memory: context.memory)
  }

  func prepareRound(_ context: WorkerContext) -> Int? {
    batches = collectors.flatMap(\.batches)
    return nil
  }

  func runTask(_ task: Int, _ context: WorkerContext) {}

  private final class Consumer: SinkConsumer {
    private let sink: SharedRowsSink
    private let collector: BatchCollector

    init(_ sink: SharedRowsSink, memory: MemoryPool) {
      self.sink = sink
      collector = BatchCollector(memory: memory)
    }

    func consume(_ batch: Batch) throws(SQLError) -> Bool {
      try collector.append(batch)
      return true
    }

    func close() { sink.monitor.withLock { sink.collectors.append(collector) } }
  }
}

/// Puts out columns of kept rows, batch by batch as they came; one of several that do.
final class SharedRowsSource: BatchSource {
  let node: Int
  private let rows: SharedRowsSink
  private let columns: [Int]
  private let next = Atomic<Int>(0)

  /// - Parameter columns: positions in the kept batches.
  init(node: Int, rows: SharedRowsSink, columns: [Int]) {
    self.node = node
    self.rows = rows
    self.columns = columns
  }

  func makeReader(_ context: WorkerContext) -> any BatchReader { Reader(self) }

  private final class Reader: BatchReader {
    private let source: SharedRowsSource

    init(_ source: SharedRowsSource) { self.source = source }

    func next() -> SourceBatch? {
      let index = source.next.add(1, ordering: .relaxed).oldValue
      guard index < source.rows.batches.count else { return nil }
      let batch = source.rows.batches[index]
      let picked = source.columns.map { batch.columns[$0] }
      return SourceBatch(batch: Batch(columns: picked, rowCount: batch.rowCount), morsel: 0)
    }
  }
}
