import ApusValues
import Synchronization

/// Whether one query was told to stop, and what has to hear of it.
final class QueryCancellation: Sendable {
  private struct State {
    var isCancelled = false
    var source: (any BatchSource)?
  }

  private let state = Mutex(State())

  /// Stops the query, at once if it runs, otherwise as soon as it does.
  func cancel() {
    let source = state.withLock { state in
      state.isCancelled = true
      return state.source
    }
    source?.cancel()
  }

  /// Names the source that is to be stopped.
  ///
  /// - Throws: USER_CANCELED if the query was told to stop before it ran.
  func attach(_ source: any BatchSource) throws(SQLError) {
    let isCancelled = state.withLock { state in
      state.source = source
      return state.isCancelled
    }
    if isCancelled { source.cancel() }
    try check()
  }

  /// What the query has done so far; nil before it runs.
  var statistics: QueryStatistics? { state.withLock { $0.source }?.statistics }

  /// - Throws: USER_CANCELED if the query was told to stop.
  func check() throws(SQLError) {
    if state.withLock({ $0.isCancelled }) {
      throw SQLError(.userCanceled, "Query was canceled")
    }
  }
}
