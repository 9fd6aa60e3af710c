import ApusValues
import ApusVectors

/// Carries result batches from workers to the one who reads them; workers wait while it is full.
///
/// In order, a worker brings all batches of a morsel at once and the reader gets morsels by number.
/// Workers take morsels by number too, so the one that the reader waits for is always under way, and
/// while the reader waits, nothing lies here that could make that worker wait.
///
/// Safety: everything that changes is guarded by the monitor.
final class ResultQueue: @unchecked Sendable {
  private let monitor = Monitor()
  /// Batches, or morsels if ordered, that may lie here.
  private let capacity: Int
  private var ready: [Batch] = []
  private var readyStart = 0
  private var early: [Int: [Batch]] = [:]
  private var nextMorsel = 0
  private var isClosed = false
  private var isAbandoned = false
  /// Whether what workers bring is dropped: the query was cancelled or nobody reads.
  private var isUnwanted = false
  private var error: SQLError?

  init(capacity: Int) { self.capacity = max(capacity, 1) }

  /// Adds a batch, waiting for room.
  ///
  /// - Returns: whether anyone still reads.
  func push(_ batch: Batch) -> Bool {
    monitor.withLock {
      while !isUnwanted, isFull { monitor.wait() }
      if isUnwanted { return false }
      ready.append(batch)
      monitor.signalAll()
      return true
    }
  }

  /// Adds all batches of a morsel, waiting until its turn is near.
  func push(_ batches: [Batch], morsel: Int) {
    monitor.withLock {
      while !isUnwanted, isFull || morsel >= nextMorsel + capacity { monitor.wait() }
      if isUnwanted { return }
      early[morsel] = batches
      while let next = early.removeValue(forKey: nextMorsel) {
        ready.append(contentsOf: next)
        nextMorsel += 1
      }
      monitor.signalAll()
    }
  }

  private var isFull: Bool { ready.count - readyStart >= capacity }

  /// Whether a batch would still be taken.
  var isOpen: Bool { monitor.withLock { !isUnwanted } }

  /// Returns the next batch, waiting for it; nil at the end.
  ///
  /// - Throws: the query's error, once, after the batches before it.
  func next() throws(SQLError) -> Batch? {
    try monitor.withLock { () throws(SQLError) -> Batch? in
      while readyStart == ready.count, !isClosed, !isAbandoned { monitor.wait() }
      if isAbandoned { return nil }
      if readyStart < ready.count {
        let batch = ready[readyStart]
        readyStart += 1
        if readyStart == ready.count || readyStart > 64 {
          ready.removeFirst(readyStart)
          readyStart = 0
        }
        monitor.signalAll()
        return batch
      }
      guard let error else { return nil }
      self.error = nil
      throw error
    }
  }

  /// Learns that no more batches come; of a failed query those on their way are dropped.
  func close(_ error: SQLError?) {
    monitor.withLock {
      self.error = error
      isClosed = true
      if error != nil {
        ready = []
        readyStart = 0
      }
      early = [:]
      monitor.signalAll()
    }
  }

  /// Drops what the workers of a cancelled query have brought and will bring; the reader gets the
  /// query's error once they are through.
  func discard() {
    monitor.withLock {
      if !isClosed { drop() }
      monitor.signalAll()
    }
  }

  /// Learns that no one reads any more.
  func abandon() {
    monitor.withLock {
      isAbandoned = true
      drop()
      monitor.signalAll()
    }
  }

  private func drop() {
    isUnwanted = true
    ready = []
    readyStart = 0
    early = [:]
  }

  /// Waits until the query has ended.
  func waitUntilClosed() {
    monitor.withLock { while !isClosed { monitor.wait() } }
  }
}
