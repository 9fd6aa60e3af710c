import ApusValues
import ApusVectors

/// Joins small batches into larger ones, in order: what each batch costs, whatever its size, is
/// then paid less often.
final class BatchJoiner: BatchConsumer {
  private let output: any BatchConsumer
  private let target: Int
  private var held: [Batch] = []
  private var heldRowCount = 0

  /// - Parameter target: rows of a batch that goes on at once; 0 lets all through.
  init(output: any BatchConsumer, target: Int) {
    self.output = output
    self.target = target
  }

  func consume(_ batch: Batch) throws(SQLError) -> Bool {
    if held.isEmpty, batch.rowCount >= target { return try output.consume(batch) }
    held.append(batch)
    heldRowCount += batch.rowCount
    return heldRowCount >= target ? try release() : true
  }

  func flush() throws(SQLError) {
    if !held.isEmpty, try !release() { return }
    try output.flush()
  }

  private func release() throws(SQLError) -> Bool {
    let batch = Batch.concatenated(held)
    held = []
    heldRowCount = 0
    return try output.consume(batch)
  }
}
