import Glibc

/// A pipe within the process, to wake a thread that waits in `poll`.
struct Pipe: Sendable {
  let reader: Int32
  let writer: Int32

  /// nil if the system has no more descriptors to give. Neither end is passed on to children.
  init?(isBlocking: Bool) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      if !isBlocking { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    }
    reader = ends[0]
    writer = ends[1]
  }
}
