import ApusVectors
import Glibc

/// One worker's counters: rows by the node that put them out, time by the node that runs.
///
/// Time is charged at transitions: entering a node ends the time of the one before, so every
/// nanosecond of a worker belongs to one node and one clock reading per transition suffices.
final class WorkerProfile {
  private(set) var operators: [OperatorProfile]
  private var current: Int?
  private var since: UInt64

  init(nodeCount: Int) {
    operators = Array(repeating: OperatorProfile(), count: nodeCount)
    since = WorkerProfile.now()
  }

  /// Nanoseconds of a clock that only goes forward.
  static func now() -> UInt64 { read(CLOCK_MONOTONIC) }

  /// Nanoseconds that the calling thread has been running.
  static func threadTime() -> UInt64 { read(CLOCK_THREAD_CPUTIME_ID) }

  private static func read(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }

  /// Charges time to `node` from now on (to none if nil).
  ///
  /// - Returns: whose time it was before.
  @discardableResult
  func enter(_ node: Int?) -> Int? {
    let now = WorkerProfile.now()
    if let current { operators[current].nanoseconds &+= now &- since }
    since = now
    let previous = current
    current = node
    return previous
  }

  func count(_ batch: Batch, from node: Int) {
    count(rows: batch.rowCount, batches: 1, from: node)
  }

  func count(rows: Int, batches: Int, from node: Int) {
    operators[node].rowCount += rows
    operators[node].batchCount += batches
  }

  /// Notes how much memory a part of a node has held; the parts of all workers add up.
  func addPeak(_ byteCount: Int, node: Int) { operators[node].peakByteCount += byteCount }

  /// Adds the counters to those of the query and starts again from zero.
  func drain(into profile: inout QueryProfile) {
    for index in operators.indices {
      profile.operators[index].rowCount += operators[index].rowCount
      profile.operators[index].batchCount += operators[index].batchCount
      profile.operators[index].nanoseconds += operators[index].nanoseconds
      profile.operators[index].peakByteCount += operators[index].peakByteCount
      operators[index] = OperatorProfile()
    }
  }
}
