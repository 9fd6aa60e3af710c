import Apus
import Glibc
import Synchronization

/// Draws the progress of a session's statement on the terminal behind standard error, from a thread
/// of its own, until results are about to be written.
final class ProgressMeter: Sendable {
  private struct State {
    var isShown = false
    var isStopped = false
  }

  private let session: Session
  private let line = ProgressLine()
  private let begin = ContinuousClock.now
  private let state = Mutex(State())
  /// A pipe whose end of file wakes the thread.
  private let wake: Pipe

  /// Whether standard error is a terminal on which a line can be drawn and erased.
  static var isPossible: Bool {
    Terminal.isTerminal(STDERR_FILENO) && Terminal.variable("TERM") != "dumb"
  }

  /// Starts to watch; nil if there is nothing to draw on.
  init?(_ session: Session) {
    guard ProgressMeter.isPossible, let pipe = Pipe(isBlocking: true) else { return nil }
    self.session = session
    wake = pipe
    startThread { self.draw() }
  }

  deinit { close(wake.reader) }

  /// Erases the line for good; what is written from now on stands alone.
  func stop() {
    state.withLock { state in
      guard !state.isStopped else { return }
      state.isStopped = true
      if state.isShown { Terminal.complain("\r\u{1b}[K") }
      close(wake.writer)
    }
  }

  private func draw() {
    var wait = ProgressLine.delay
    while true {
      var request = pollfd(fd: wake.reader, events: Int16(POLLIN), revents: 0)
      poll(&request, 1, Int32(clamping: wait.components.attoseconds / 1_000_000_000_000_000))
      wait = ProgressLine.interval
      let statistics = session.progress
      let isStopped = state.withLock { state in
        guard !state.isStopped else { return true }
        let width = Terminal.width(STDERR_FILENO) ?? 80
        let text = line.text(statistics, elapsed: ContinuousClock.now - begin, width: width)
        if let text {
          Terminal.complain("\r" + text + "\u{1b}[K")
          state.isShown = true
        }
        return false
      }
      if isStopped { return }
    }
  }
}
