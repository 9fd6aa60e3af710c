import ApusValues
import Glibc
import Synchronization

/// Threads that run pipelines, started when first needed and kept for the next query.
///
/// A query gets as many threads as it asks for even while others run: a worker may stall on a slow
/// reader of results, and a reader may hold two queries open, so threads are never shared.
final class WorkerPool: Sendable {
  /// What the threads know; they outlive the pool by a moment.
  private final class Shared: @unchecked Sendable {
    let monitor = Monitor()
    // Guarded by the monitor.
    var jobs: [@Sendable () -> Void] = []
    var freeThreadCount = 0
    var isClosed = false
  }

  private let shared = Shared()

  /// Bytes of a worker's stack: expressions and plans nest.
  private static let stackByteCount = 16 << 20

  deinit {
    shared.monitor.withLock {
      shared.isClosed = true
      shared.monitor.signalAll()
    }
  }

  /// Runs `makeJob(n)(index)` on n threads of its own each, n being `count` or as many as there are.
  ///
  /// - Returns: n, at least 1.
  /// - Throws: GENERIC_INSUFFICIENT_RESOURCES if the system gives no thread at all.
  func start(
    count: Int,
    makeJob: (Int) -> @Sendable (Int) -> Void
  ) throws(SQLError) -> Int {
    try shared.monitor.withLock { () throws(SQLError) -> Int in
      var available = shared.freeThreadCount - shared.jobs.count
      while available < count, WorkerPool.startThread(shared) {
        shared.freeThreadCount += 1
        available += 1
      }
      let started = min(count, available)
      guard started > 0 else {
        throw SQLError(.genericInsufficientResources, "No thread could be started")
      }
      let job = makeJob(started)
      for index in 0..<started { shared.jobs.append { job(index) } }
      shared.monitor.signalAll()
      return started
    }
  }

  private static func startThread(_ shared: Shared) -> Bool {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_attr_setstacksize(&attributes, stackByteCount)
    let argument = Unmanaged.passRetained(shared)
    var thread = pthread_t()
    let status = pthread_create(
      &thread,
      &attributes,
      { argument in
        guard let argument else { return nil }
        WorkerPool.runJobs(Unmanaged<Shared>.fromOpaque(argument).takeRetainedValue())
        return nil
      },
      argument.toOpaque()
    )
    if status != 0 { argument.release() }
    return status == 0
  }

  /// The life of a thread: takes jobs until the pool is gone.
  private static func runJobs(_ shared: Shared) {
    while true {
      let job: (@Sendable () -> Void)? = shared.monitor.withLock {
        while shared.jobs.isEmpty {
          if shared.isClosed { return nil }
          shared.monitor.wait()
        }
        shared.freeThreadCount -= 1
        return shared.jobs.removeFirst()
      }
      guard let job else { return }
      job()
      shared.monitor.withLock { shared.freeThreadCount += 1 }
    }
  }
}
