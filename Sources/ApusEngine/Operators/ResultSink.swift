import ApusValues
import ApusVectors

/// The end of a query: puts the plan's columns in their order and queues the rows for the reader.
final class ResultSink: BatchSink {
  let node: Int
  private let queue: ResultQueue
  /// For each output column, its position in the batches that come.
  private let columns: [Int]
  private let isOrdered: Bool

  init(node: Int, queue: ResultQueue, columns: [Int], isOrdered: Bool) {
    self.node = node
    self.queue = queue
    self.columns = columns
    self.isOrdered = isOrdered
  }

  func makeConsumer(_ context: WorkerContext) -> any SinkConsumer {
    Consumer(queue: queue, columns: columns, isOrdered: isOrdered, profile: context.profile)
  }

  func prepareRound(_ context: WorkerContext) -> Int? { nil }

  func runTask(_ task: Int, _ context: WorkerContext) {}

  private final class Consumer: SinkConsumer {
    private let queue: ResultQueue
    private let columns: [Int]
    private let isOrdered: Bool
    private let profile: WorkerProfile
    private var held: [Batch] = []

    init(queue: ResultQueue, columns: [Int], isOrdered: Bool, profile: WorkerProfile) {
      self.queue = queue
      self.columns = columns
      self.isOrdered = isOrdered
      self.profile = profile
    }

    func consume(_ batch: Batch) -> Bool {
      let result = Batch(columns: columns.map { batch.columns[$0] }, rowCount: batch.rowCount)
      if isOrdered {
        held.append(result)
        return queue.isOpen
      }
      return withoutCharge { queue.push(result) }
    }

    func endMorsel(_ morsel: Int) {
      let batches = held
      held = []
      withoutCharge { queue.push(batches, morsel: morsel) }
    }

    func close() {}

    /// Waiting for the reader is no node's time.
    private func withoutCharge<Result>(_ body: () -> Result) -> Result {
      let previous = profile.enter(nil)
      defer { profile.enter(previous) }
      return body()
    }
  }
}
