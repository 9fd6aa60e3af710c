import ApusValues
import ApusVectors

/// Where a pipeline's rows come from.
protocol BatchSource: AnyObject, Sendable {
  /// The plan node it belongs to, by position in pre-order.
  var node: Int { get }

  /// Whether nothing will come; known when the pipeline begins.
  var isIdle: Bool { get }

  /// Makes one worker's reader; readers share the morsels between them.
  func makeReader(_ context: WorkerContext) throws(SQLError) -> any BatchReader
}

extension BatchSource {
  var isIdle: Bool { false }
}

/// One worker's way through a source.
protocol BatchReader: AnyObject {
  /// Returns the next batch, or nil at the end. A batch without rows means that those looked at
  /// are not wanted, so that the worker can see between batches whether to go on.
  func next() throws(SQLError) -> SourceBatch?
}

/// A batch with the place of its morsel in the source's order.
struct SourceBatch {
  var batch: Batch
  /// Ascending for one reader. A source in order numbers its morsels 0, 1, 2, … without gaps and
  /// hands them out in that order.
  var morsel: Int
}
