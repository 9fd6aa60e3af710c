package import ApusValues
import Synchronization

/// A flag that asks a query to stop; workers look at it between batches.
package final class CancellationToken: Sendable {
  private let flag = Atomic<Bool>(false)

  package init() {}

  package func cancel() { flag.store(true, ordering: .relaxed) }

  package var isCancelled: Bool { flag.load(ordering: .relaxed) }

  /// Throws USER_CANCELED once the query is to stop.
  package func check() throws(SQLError) {
    if isCancelled { throw SQLError(.userCanceled, "Query was canceled") }
  }
}
