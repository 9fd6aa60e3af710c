import ApusValues
import Glibc

/// Threads on which calls may wait, so that no Swift task ever does.
///
/// A call gets a thread that is free or a new one, up to `limit`; then it queues. Threads that had
/// nothing to do for ten seconds end.
///
/// Safety: `queue` and the counts are touched only with `mutex` held, which is what makes the class
/// Sendable; the two pthread objects live at addresses that never move, as long as the one shared
/// instance: for ever.
final class BlockingThreads: @unchecked Sendable {
  static let shared = BlockingThreads()

  private static let limit = 64
  private static let idleSeconds = 10

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var queue: [@Sendable () -> Void] = []
  private var threadCount = 0
  private var idleCount = 0

  private init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  /// Runs `body` on a thread that may block; the task is suspended meanwhile.
  func run<Success: Sendable>(
    _ body: @escaping @Sendable () throws(SQLError) -> Success
  ) async -> Result<Success, SQLError> {
    await withCheckedContinuation { continuation in
      submit {
        let result: Result<Success, SQLError>
        do throws(SQLError) {
          result = .success(try body())
        } catch {
          result = .failure(error)
        }
        continuation.resume(returning: result)
      }
    }
  }

  /// Runs `call` on such a thread; nobody waits for it.
  func submit(_ call: @escaping @Sendable () -> Void) {
    pthread_mutex_lock(mutex)
    queue.append(call)
    let needsThread = idleCount < queue.count && threadCount < BlockingThreads.limit
    if needsThread { threadCount += 1 }
    pthread_cond_signal(condition)
    pthread_mutex_unlock(mutex)
    guard needsThread, !startThread() else { return }
    pthread_mutex_lock(mutex)
    threadCount -= 1
    let nobodyWillCome = threadCount == 0
    let stranded = nobodyWillCome ? queue : []
    if nobodyWillCome { queue = [] }
    pthread_mutex_unlock(mutex)
    // Without a single thread the call must still be made, even if that blocks.
    for call in stranded { call() }
  }

  private func startThread() -> Bool {
    var thread = pthread_t()
    let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
    defer { attributes.deallocate() }
    pthread_attr_init(attributes)
    defer { pthread_attr_destroy(attributes) }
    pthread_attr_setdetachstate(attributes, Int32(PTHREAD_CREATE_DETACHED))
    // Binding walks trees by recursion (SyntaxLimits.treeHeight); eight megabytes hold them.
    pthread_attr_setstacksize(attributes, 8 << 20)
    let status = pthread_create(
      &thread,
      attributes,
      { _ in
        BlockingThreads.shared.work()
        return nil
      },
      nil
    )
    return status == 0
  }

  private func work() {
    pthread_mutex_lock(mutex)
    while true {
      if !queue.isEmpty {
        let call = queue.removeFirst()
        pthread_mutex_unlock(mutex)
        call()
        pthread_mutex_lock(mutex)
        continue
      }
      idleCount += 1
      var deadline = timespec()
      clock_gettime(CLOCK_REALTIME, &deadline)
      deadline.tv_sec += BlockingThreads.idleSeconds
      let status = pthread_cond_timedwait(condition, mutex, &deadline)
      idleCount -= 1
      if status == ETIMEDOUT, queue.isEmpty { break }
    }
    threadCount -= 1
    pthread_mutex_unlock(mutex)
  }
}
