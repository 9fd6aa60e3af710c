import Glibc

/// Files not yet opened and row groups of those that are, for several workers.
///
/// A worker that finds neither waits while another is opening a file, since that may give more.
///
/// Safety: all state is touched with `mutex` held, which is why it may be `Sendable`.
final class MorselQueue: @unchecked Sendable {
  enum Task {
    case morsel(FileMorsel)
    /// The caller is to open the files at these positions and call `opened`, come what may.
    case open([Int])
    case finished
  }

  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>
  /// In reverse, so that the next is the last.
  private var files: [Int]
  private var morsels: [FileMorsel] = []
  private var openCount = 0
  private let openedTogether: Int

  /// - Parameter openedTogether: how many files one caller opens at once, at least 1.
  init(files: [Int], openedTogether: Int) {
    self.files = files.reversed()
    self.openedTogether = openedTogether
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
    condition = .allocate(capacity: 1)
    condition.initialize(to: pthread_cond_t())
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    condition.deallocate()
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  func take() -> Task {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      if let morsel = morsels.popLast() { return .morsel(morsel) }
      if !files.isEmpty {
        openCount += 1
        let next = Array(files.suffix(openedTogether).reversed())
        files.removeLast(next.count)
        return .open(next)
      }
      if openCount == 0 { return .finished }
      pthread_cond_wait(condition, mutex)
    }
  }

  /// Adds what opening a file gave, perhaps nothing.
  func opened(_ found: [FileMorsel]) {
    pthread_mutex_lock(mutex)
    openCount -= 1
    morsels.append(contentsOf: found.reversed())
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }
}
