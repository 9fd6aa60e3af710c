import Glibc
import Synchronization

/// Something that happens once, for which another thread waits, though not for ever.
package final class Signal: Sendable {
  private let pipe = Pipe(isBlocking: true)

  package init() {}

  deinit {
    if let pipe {
      close(pipe.reader)
      close(pipe.writer)
    }
  }

  package func send() {
    if let pipe { _ = write(pipe.writer, "!", 1) }
  }

  /// Returns when it has happened, or when the time is over.
  package func wait(_ duration: Duration) {
    guard let pipe else { return }
    var request = pollfd(fd: pipe.reader, events: Int16(POLLIN), revents: 0)
    poll(&request, 1, Int32(duration / .milliseconds(1)))
  }
}
