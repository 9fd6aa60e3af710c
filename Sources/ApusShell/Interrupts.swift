package import Apus
import Glibc
import Synchronization

/// Turns Ctrl-C into the cancelling of a session's statements.
///
/// The signal is blocked in all threads and taken by one of its own, which may use locks as no
/// signal handler may. In a script, a second Ctrl-C ends the process at once, as does the first when
/// no statement runs; at a prompt none does.
package enum Interrupts {
  /// Blocks the signals; call it before any other thread is started.
  package static func prepare() {
    var signals = handledSignals
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    // A reader that goes away is an error of write(), not the end of the process.
    signal(SIGPIPE, SIG_IGN)
    // So is a file that may not grow further (`ulimit -f`).
    signal(SIGXFSZ, SIG_IGN)
  }

  private static var handledSignals: sigset_t {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    return signals
  }

  /// Starts to listen for a run of scripts.
  package static func cancel(_ session: Session) {
    startThread(Listener(session, wakes: nil).listen)
  }

  /// Starts to listen for a prompt.
  ///
  /// - Returns: what becomes readable when Ctrl-C has come and no statement has taken it.
  package static func cancelAndWake(_ session: Session) -> Wakeups {
    let wakeups = Wakeups()
    startThread(Listener(session, wakes: wakeups).listen)
    return wakeups
  }

  private final class Listener {
    private let session: Session
    private let wakeups: Wakeups?
    /// How the terminal was when the process began, to leave it so.
    private var terminal = termios()
    private let hasTerminal: Bool

    init(_ session: Session, wakes wakeups: Wakeups?) {
      self.session = session
      self.wakeups = wakeups
      hasTerminal = tcgetattr(STDIN_FILENO, &terminal) == 0
    }

    func listen() {
      var signals = Interrupts.handledSignals
      var number: Int32 = 0
      while sigwait(&signals, &number) == 0 {
        let isSecond = Interrupts.wasInterrupted.exchange(true, ordering: .relaxed)
        let isTaken = number == SIGINT && session.cancel()
        if number == SIGINT, let wakeups {
          if !isTaken { wakeups.wake() }
          continue
        }
        // With nothing to stop, the process waits for input or for the reader of its output.
        if isSecond || !isTaken {
          OutputFile.abandonAll()
          if wakeups != nil, hasTerminal { tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal) }
          _exit(128 + number)
        }
      }
    }
  }

  private static let wasInterrupted = Atomic<Bool>(false)

  /// Whether Ctrl-C has come.
  package static var isInterrupted: Bool { wasInterrupted.load(ordering: .relaxed) }

  /// Starts anew, for the next input at a prompt.
  package static func forget() { wasInterrupted.store(false, ordering: .relaxed) }

  /// A pipe through which Ctrl-C reaches a thread that waits for something else.
  package struct Wakeups: Sendable {
    /// Readable after Ctrl-C; -1 if the system had no pipe to give.
    package let descriptor: Int32
    private let writer: Int32

    init() {
      let pipe = Pipe(isBlocking: false)
      descriptor = pipe?.reader ?? -1
      writer = pipe?.writer ?? -1
    }

    func wake() { _ = write(writer, "!", 1) }

    /// Forgets what has come.
    package func drain() {
      var bytes: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0]
      while read(descriptor, &bytes, bytes.count) > 0 {}
    }

    /// Waits for Ctrl-C.
    ///
    /// - Returns: whether it came within the time.
    package func wait(_ duration: Duration) -> Bool {
      let end = ContinuousClock.now + duration
      while true {
        let (seconds, attoseconds) = max(.zero, end - ContinuousClock.now).components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let count = poll(&request, 1, Int32(clamping: milliseconds + 1))
        if count > 0 { return true }
        if count == 0, ContinuousClock.now >= end { return false }
      }
    }
  }
}
