import ApusValues
import ApusVectors
import Synchronization

/// Takes the only row of a scalar subquery; more are an error.
///
/// Safety: `row` is guarded by the monitor, and read after all workers have closed.
final class SingleRowSink: BatchSink, @unchecked Sendable {
  let node: Int
  private let monitor = Monitor()
  private(set) var row: Batch?

  init(node: Int) { self.node = node }

  func makeConsumer(_ context: WorkerContext) -> any SinkConsumer { Consumer(self) }

  func prepareRound(_ context: WorkerContext) -> Int? { nil }

  func runTask(_ task: Int, _ context: WorkerContext) {}

  private func take(_ batch: Batch) throws(SQLError) {
    try monitor.withLock { () throws(SQLError) in
      guard row == nil, batch.rowCount == 1 else {
        throw SQLError(
          .subqueryMultipleRows,
          "Scalar sub-query has returned multiple rows"
        )
      }
      row = batch
    }
  }

  private final class Consumer: SinkConsumer {
    private let sink: SingleRowSink

    init(_ sink: SingleRowSink) { self.sink = sink }

    func consume(_ batch: Batch) throws(SQLError) -> Bool {
      try sink.take(batch)
      return true
    }

    func close() {}
  }
}

/// Puts out the row of a scalar subquery, or one of NULLs.
final class SingleRowSource: BatchSource {
  let node: Int
  private let sink: SingleRowSink
  private let types: [SQLType]
  private let isTaken = Atomic<Bool>(false)

  init(_ sink: SingleRowSink, types: [SQLType]) {
    node = sink.node
    self.sink = sink
    self.types = types
  }

  func makeReader(_ context: WorkerContext) -> any BatchReader { Reader(self) }

  private final class Reader: BatchReader {
    private let source: SingleRowSource

    init(_ source: SingleRowSource) { self.source = source }

    func next() -> SourceBatch? {
      if source.isTaken.exchange(true, ordering: .relaxed) { return nil }
      let nulls = source.types.map { ColumnVector.constant(.null, type: $0, count: 1) }
      return SourceBatch(
        batch: source.sink.row ?? Batch(columns: nulls, rowCount: 1),
        morsel: 0
      )
    }
  }
}
