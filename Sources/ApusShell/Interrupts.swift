package import Apus
import Glibc
import Synchronization

/// Turns Ctrl-C into the cancelling of a session's statements.
///
/// The signal is blocked in all threads and taken by one of its own, which may use locks as no
/// signal handler may. A second Ctrl-C ends the process at once, as does the first when no statement
/// runs.
package enum Interrupts {
  /// Blocks the signals; call it before any other thread is started.
  package static func prepare() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    // A reader that goes away is an error of write(), not the end of the process.
    signal(SIGPIPE, SIG_IGN)
  }

  /// Starts to listen.
  package static func cancel(_ session: Session) {
    let listener = Unmanaged.passRetained(Listener(session))
    var thread = pthread_t()
    let status = pthread_create(
      &thread,
      nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Listener>.fromOpaque(argument).takeRetainedValue().listen()
        return nil
      },
      listener.toOpaque()
    )
    guard status == 0 else {
      listener.release()
      return
    }
    pthread_detach(thread)
  }

  private final class Listener {
    private let session: Session

    init(_ session: Session) { self.session = session }

    func listen() {
      var signals = sigset_t()
      sigemptyset(&signals)
      sigaddset(&signals, SIGINT)
      sigaddset(&signals, SIGTERM)
      var number: Int32 = 0
      while sigwait(&signals, &number) == 0 {
        let isSecond = Interrupts.wasInterrupted.exchange(true, ordering: .relaxed)
        // With nothing to stop, the process waits for input or for the reader of its output.
        if number == SIGTERM || isSecond || !session.cancel() {
          OutputFile.abandonAll()
          _exit(128 + number)
        }
      }
    }
  }

  private static let wasInterrupted = Atomic<Bool>(false)

  /// Whether Ctrl-C has come.
  package static var isInterrupted: Bool { wasInterrupted.load(ordering: .relaxed) }
}
