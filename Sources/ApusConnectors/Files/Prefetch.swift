import ApusFormats
import ApusPlanner
import ApusStorage
import ApusValues
import Synchronization

// Where requests take long, row groups are asked for before anybody decodes them:
//
//   morsels ──▶ probing ──▶ fetching ──▶ workers
//              indexes on    data on
//              their way     their way
//
// Whoever takes a row group first sees to it that there are others behind it, so that while it is
// decoded the next are under way: one for each worker at least, and many small ones up to a window of
// bytes. A probe is evaluated one call after it was begun, when it is likely there.

/// Row groups on their way, for all workers of a scan.
final class Prefetch: Sendable {
  private struct State {
    var probing: [RowGroupProbing] = []
    var fetching: [RowGroupFetch] = []
    /// Of both, the former as if all their rows were left.
    var byteCount = 0
    /// Of row groups that workers have taken.
    var takenByteCount = 0

    var count: Int { probing.count + fetching.count }
  }

  private let state = Mutex(State())

  /// Bytes on their way at most, unless there are fewer row groups than workers.
  private static let window = 32 << 20
  private static let greatestCount = 32

  deinit {
    state.withLock { state in
      for probing in state.probing { probing.pending.abandon() }
      for fetch in state.fetching { fetch.pending.abandon() }
    }
  }

  /// Returns the next row group, whose bytes may have been asked for before; nil if there is none.
  func next(_ scan: FilesScan) throws(SQLError) -> RowGroupFetch? {
    // Those that are begun from here on are left for the next call.
    let known = state.withLock { $0.probing.count }
    var hasMore = try fill(scan)
    for _ in 0..<known { try finishProbe(scan) }
    while true {
      let fetch = state.withLock { state -> RowGroupFetch? in
        guard !state.fetching.isEmpty else { return nil }
        let fetch = state.fetching.removeFirst()
        state.byteCount -= fetch.byteCount
        state.takenByteCount += fetch.byteCount
        return fetch
      }
      if let fetch { return fetch }
      // Those begun together come together.
      var isEmpty = true
      while try finishProbe(scan) { isEmpty = false }
      guard isEmpty else { continue }
      if !hasMore { return nil }
      hasMore = try fill(scan)
    }
  }

  /// Begins with more row groups while there is room.
  ///
  /// - Returns: false if there are no more.
  private func fill(_ scan: FilesScan) throws(SQLError) -> Bool {
    while state.withLock({ hasRoom($0, scan) }) {
      guard let morsel = try scan.nextMorsel() else { return false }
      if let probing = RowGroupProbing(morsel) {
        state.withLock { state in
          state.probing.append(probing)
          state.byteCount += morsel.byteCount
        }
      } else {
        try append(RowGroupFetch(morsel, nil))
      }
    }
    return true
  }

  private func hasRoom(_ state: State, _ scan: FilesScan) -> Bool {
    if state.count <= scan.cursorCount { return true }
    // Who wants few rows may be content soon: the window grows with what was taken.
    let window = min(Prefetch.window, 2 * state.takenByteCount)
    return state.count < Prefetch.greatestCount && state.byteCount < window
  }

  private func append(_ fetch: RowGroupFetch) {
    state.withLock { state in
      state.fetching.append(fetch)
      state.byteCount += fetch.byteCount
    }
  }

  /// Waits for the first probe and asks for the rows that it leaves.
  ///
  /// - Returns: false if there is none.
  @discardableResult
  private func finishProbe(_ scan: FilesScan) throws(SQLError) -> Bool {
    let probing = state.withLock { state -> RowGroupProbing? in
      guard !state.probing.isEmpty else { return nil }
      let probing = state.probing.removeFirst()
      state.byteCount -= probing.morsel.byteCount
      return probing
    }
    guard let probing else { return false }
    let findings = try probing.finish(scan)
    if !findings.rows.isEmpty { append(try RowGroupFetch(probing.morsel, findings)) }
    return true
  }
}
