/// Where the workers of a query wait for each other.
final class Barrier: @unchecked Sendable {
  private let monitor = Monitor()
  private let participantCount: Int
  // Guarded by the monitor.
  private var arrivedCount = 0
  private var generation = 0

  init(participantCount: Int) { self.participantCount = participantCount }

  /// Waits until all participants have arrived; the last one runs `body` before any goes on.
  func wait(_ body: () -> Void = {}) {
    monitor.withLock {
      arrivedCount += 1
      if arrivedCount == participantCount {
        body()
        arrivedCount = 0
        generation += 1
        monitor.signalAll()
        return
      }
      let current = generation
      while generation == current { monitor.wait() }
    }
  }
}
