import Glibc
import Synchronization

@testable import ApusStorage

/// The time, with pauses that are only counted.
final class InstantClock: StorageClock {
  private let pauses = Mutex<[Duration]>([])
  private let offset = Mutex(0)

  var now: Int { Int(time(nil)) + offset.withLock { $0 } }

  func advance(_ seconds: Int) { offset.withLock { $0 += seconds } }

  func pause(_ duration: Duration, unless interruption: Completion) {
    pauses.withLock { $0.append(duration) }
  }

  var pauseCount: Int { pauses.withLock { $0.count } }
}
