import Glibc

/// The time, and pauses: tests put their own in its place.
protocol StorageClock: Sendable {
  /// In seconds since 1970 UTC.
  var now: Int { get }

  /// Waits, or until `interruption` happens.
  func pause(_ duration: Duration, unless interruption: Completion)
}

struct SystemClock: StorageClock {
  var now: Int { Int(time(nil)) }

  func pause(_ duration: Duration, unless interruption: Completion) {
    _ = interruption.wait(atMost: duration)
  }
}
