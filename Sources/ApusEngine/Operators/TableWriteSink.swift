import ApusPlanner
import ApusValues
import ApusVectors
import Synchronization

/// Writes rows to a target: each worker appends to a writer of its own, and when all rows of the
/// query are appended, the writers are finished, at the same time on all workers.
///
/// A query that fails or is cancelled finishes no writer any more; those not finished are let go of.
///
/// Safety: `shares` is guarded by the monitor while workers close; from then on it changes only
/// between rounds, and each task of a round has a share of its own.
final class TableWriteSink: BatchSink, @unchecked Sendable {
  let node: Int
  private let target: any TableWriteTarget
  /// For each column written, its position in the batches that come.
  private let columns: [Int]

  private let monitor = Monitor()
  private var shares: [Share] = []
  private var isFinishing = false
  /// All rows, once they are stored.
  private(set) var rowCount = 0

  /// What one worker has written.
  private final class Share {
    let writer: any TableWriter
    let reservation: Reservation
    var rowCount = 0

    init(writer: any TableWriter, reservation: Reservation) {
      self.writer = writer
      self.reservation = reservation
    }
  }

  init(node: Int, target: any TableWriteTarget, columns: [Int]) {
    self.node = node
    self.target = target
    self.columns = columns
  }

  func makeConsumer(_ context: WorkerContext) -> any SinkConsumer { Consumer(self, context) }

  func prepareRound(_ context: WorkerContext) -> Int? {
    if !isFinishing {
      isFinishing = true
      return shares.count
    }
    // Only after a round in which nothing failed.
    for share in shares {
      rowCount += share.rowCount
      context.profile.addPeak(share.reservation.peakByteCount, node: node)
    }
    shares = []
    return nil
  }

  func runTask(_ task: Int, _ context: WorkerContext) throws(SQLError) {
    try shares[task].writer.finish()
  }

  private final class Consumer: SinkConsumer {
    private let sink: TableWriteSink
    private let memory: MemoryPool
    /// Nil until there are rows: a worker without any writes nothing.
    private var share: Share?

    init(_ sink: TableWriteSink, _ context: WorkerContext) {
      self.sink = sink
      memory = context.memory
    }

    func consume(_ batch: Batch) throws(SQLError) -> Bool {
      let share = try openShare()
      try share.writer.append(
        Batch(columns: sink.columns.map { batch.columns[$0] }, rowCount: batch.rowCount)
      )
      share.rowCount += batch.rowCount
      try share.reservation.resize(to: share.writer.bufferedByteCount)
      return true
    }

    private func openShare() throws(SQLError) -> Share {
      if let share { return share }
      let opened = Share(
        writer: try sink.target.makeWriter(),
        reservation: Reservation(memory)
      )
      share = opened
      return opened
    }

    func close() {
      guard let share else { return }
      sink.monitor.withLock { sink.shares.append(share) }
    }
  }
}

/// Puts out how many rows were written.
final class WrittenRowCountSource: BatchSource {
  let node: Int
  private let sink: TableWriteSink
  private let isTaken = Atomic<Bool>(false)

  init(_ sink: TableWriteSink) {
    node = sink.node
    self.sink = sink
  }

  func makeReader(_ context: WorkerContext) -> any BatchReader { Reader(self) }

  private final class Reader: BatchReader {
    private let source: WrittenRowCountSource

    init(_ source: WrittenRowCountSource) { self.source = source }

    func next() -> SourceBatch? {
      if source.isTaken.exchange(true, ordering: .relaxed) { return nil }
      let count = ColumnVector.constant(
        .integer(Int64(source.sink.rowCount)),
        type: .bigint,
        count: 1
      )
      return SourceBatch(batch: Batch(columns: [count], rowCount: 1), morsel: 0)
    }
  }
}
