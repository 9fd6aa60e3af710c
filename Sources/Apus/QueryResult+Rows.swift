public import ApusValues
import ApusVectors

extension QueryResult: AsyncSequence {
  public typealias Element = Row
  public typealias Failure = SQLError

  /// Starts reading; the waiting happens on a thread of Apus, never on one of Swift's.
  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(result: self) }

  /// Hands out rows one by one. Cancelling the task that waits for one stops the query.
  public struct AsyncIterator: AsyncIteratorProtocol {
    private let result: QueryResult
    private var batch: Batch?
    private var position = 0

    init(result: QueryResult) { self.result = result }

    public mutating func next() async throws(SQLError) -> Row? {
      if let batch, position < batch.rowCount {
        position += 1
        return Row(result: result, batch: batch, index: position - 1)
      }
      let result = result
      batch = try await withTaskCancellationHandler {
        await BlockingThreads.shared.run { () throws(SQLError) in try result.nextBatch() }
      } onCancel: {
        result.cancel()
      }.get()
      guard let batch else { return nil }
      position = 1
      return Row(result: result, batch: batch, index: 0)
    }
  }

  /// Reads all rows that are left. For results that fit in memory.
  public func rows() async throws(SQLError) -> [Row] {
    var rows: [Row] = []
    var iterator = makeAsyncIterator()
    while let row = try await iterator.next() { rows.append(row) }
    return rows
  }
}
