import ApusValues
import ApusVectors
import Synchronization

/// Lets through the rows of one range, counted in the order in which they arrive from all workers.
final class LimitOperator: StreamingOperator {
  let node: Int
  private let start: Int
  private let end: Int
  private let arrived = Atomic<Int>(0)

  init(node: Int, offset: Int, count: Int?) {
    self.node = node
    start = offset
    let (end, overflow) = offset.addingReportingOverflow(count ?? Int.max)
    self.end = overflow ? Int.max : end
  }

  func makeConsumer(_ context: WorkerContext, output: any BatchConsumer) -> any BatchConsumer {
    Consumer(self, output: output)
  }

  /// Claims places for rows.
  ///
  /// - Returns: those of the rows that pass.
  private func claim(_ rowCount: Int) -> Range<Int> {
    let first = arrived.add(rowCount, ordering: .relaxed).oldValue
    let lower = min(max(start - first, 0), rowCount)
    let upper = min(max(end - first, lower), rowCount)
    return lower..<upper
  }

  private var isReached: Bool { arrived.load(ordering: .relaxed) >= end }

  private final class Consumer: BatchConsumer {
    private let limit: LimitOperator
    private let output: any BatchConsumer

    init(_ limit: LimitOperator, output: any BatchConsumer) {
      self.limit = limit
      self.output = output
    }

    func consume(_ batch: Batch) throws(SQLError) -> Bool {
      let passing = limit.claim(batch.rowCount)
      if !passing.isEmpty {
        let isWhole = passing.count == batch.rowCount
        if try !output.consume(isWhole ? batch : batch.slice(passing)) { return false }
      }
      return !limit.isReached
    }

    func flush() throws(SQLError) { try output.flush() }
  }
}
