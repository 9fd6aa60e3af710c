package import ApusPlanner
package import ApusValues
package import ApusVectors

/// A query under way: pull its batches to the end, or let go of it to stop it.
///
/// Used by one thread at a time, which may block in `next`; `cancel` may come from any thread.
package final class QueryRun: @unchecked Sendable {
  /// The columns of the batches.
  package let columns: [PlanColumn]
  private let execution: QueryExecution
  private let results: ResultQueue
  private let scans: ScanList
  private let cancellation: CancellationToken

  init(
    columns: [PlanColumn],
    execution: QueryExecution,
    results: ResultQueue,
    scans: ScanList,
    cancellation: CancellationToken
  ) {
    self.columns = columns
    self.execution = execution
    self.results = results
    self.scans = scans
    self.cancellation = cancellation
  }

  deinit {
    results.abandon()
    cancellation.cancel()
  }

  /// Returns the next rows, at least one, waiting for them; nil at the end.
  ///
  /// - Throws: the error that ended the query, once; USER_CANCELED after `cancel`.
  package func next() throws(SQLError) -> Batch? { try results.next() }

  /// Asks the workers to stop; `next` then throws USER_CANCELED unless all was done already.
  package func cancel() {
    cancellation.cancel()
    results.discard()
  }

  /// Stops the query and waits until its workers are through.
  package func stop() {
    results.abandon()
    cancellation.cancel()
    results.waitUntilClosed()
  }

  /// What the query has done so far; complete when `next` has returned nil.
  package var profile: QueryProfile {
    var profile = execution.profile
    for (node, metrics) in scans.metrics { profile.operators[node].scan = metrics }
    return profile
  }
}
