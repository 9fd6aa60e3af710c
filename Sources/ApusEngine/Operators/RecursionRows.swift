import ApusValues
import ApusVectors
import Synchronization

/// The rows of a recursion: those of the last step, and those of all.
///
/// Safety: changes only while one worker runs and the others wait.
final class RecursionRows: @unchecked Sendable {
  private(set) var latest: [Batch] = []
  private(set) var all: [Batch] = []
  /// Keeps the memory of `all` reserved.
  private var collectors: [BatchCollector] = []

  /// Takes the rows of a step, none if it has put out nothing.
  func advance(to step: [BatchCollector]) {
    latest = step.flatMap(\.batches)
    all += latest
    collectors += step
  }
}

/// Collects the rows of one step of a recursion.
///
/// Safety: `collectors` is guarded by the monitor.
final class RecursionSink: BatchSink, @unchecked Sendable {
  let node: Int
  private let rows: RecursionRows
  /// Positions in the batches that come.
  private let columns: [Int]
  private let monitor = Monitor()
  private var collectors: [BatchCollector] = []

  init(node: Int, rows: RecursionRows, columns: [Int]) {
    self.node = node
    self.rows = rows
    self.columns = columns
  }

  func makeConsumer(_ context: WorkerContext) -> any SinkConsumer {
    Consumer(self, memory: context.memory)
  }

  func prepareRound(_ context: WorkerContext) -> Int? {
    rows.advance(to: collectors)
    return nil
  }

  func runTask(_ task: Int, _ context: WorkerContext) {}

  private final class Consumer: SinkConsumer {
    private let sink: RecursionSink
    private let collector: BatchCollector

    init(_ sink: RecursionSink, memory: MemoryPool) {
      self.sink = sink
      collector = BatchCollector(memory: memory)
    }

    func consume(_ batch: Batch) throws(SQLError) -> Bool {
      let picked = sink.columns.map { batch.columns[$0] }
      try collector.append(Batch(columns: picked, rowCount: batch.rowCount))
      return true
    }

    func close() { sink.monitor.withLock { sink.collectors.append(collector) } }
  }
}

/// Puts out rows of a recursion, batch by batch as they came.
final class RecursionSource: BatchSource {
  let node: Int
  private let rows: RecursionRows
  private let hasAllRows: Bool
  private let columns: [Int]
  private let next = Atomic<Int>(0)

  init(node: Int, rows: RecursionRows, hasAllRows: Bool, columns: [Int]) {
    self.node = node
    self.rows = rows
    self.hasAllRows = hasAllRows
    self.columns = columns
  }

  func makeReader(_ context: WorkerContext) -> any BatchReader {
    Reader(self, hasAllRows ? rows.all : rows.latest)
  }

  private final class Reader: BatchReader {
    private let source: RecursionSource
    private let batches: [Batch]

    init(_ source: RecursionSource, _ batches: [Batch]) {
      self.source = source
      self.batches = batches
    }

    func next() -> SourceBatch? {
      let index = source.next.add(1, ordering: .relaxed).oldValue
      guard index < batches.count else { return nil }
      let picked = source.columns.map { batches[index].columns[$0] }
      return SourceBatch(
        batch: Batch(columns: picked, rowCount: batches[index].rowCount),
        morsel: 0
      )
    }
  }
}
