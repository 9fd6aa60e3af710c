import Glibc

/// A lock with one condition to wait for, for threads that may sleep long.
///
/// Safety: both pthread objects live at fixed addresses from `init` to `deinit`, and whoever waits
/// holds a reference to the monitor.
final class Monitor: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  func withLock<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body()
  }

  /// Sleeps until someone signals; call it with the lock held, in a loop over what is waited for.
  func wait() { pthread_cond_wait(condition, mutex) }

  /// Wakes all who wait.
  func signalAll() { pthread_cond_broadcast(condition) }
}
