import Glibc

/// Runs a command of the system's shell in the foreground.
enum ChildProcess {
  enum Outcome: Equatable {
    case exited(Int32)
    /// Ctrl-C ended it.
    case interrupted
    case notStarted(String)
  }

  /// Runs a command with the terminal as it is and waits for its end.
  static func run(_ command: String) -> Outcome {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // What this process blocks and ignores is its own affair.
    var mask = sigset_t()
    sigemptyset(&mask)
    var defaults = sigset_t()
    sigemptyset(&defaults)
    sigaddset(&defaults, SIGPIPE)
    sigaddset(&defaults, SIGXFSZ)
    posix_spawnattr_setsigmask(&attributes, &mask)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF)
    )
    let words: [String] = ["sh", "-c", command]
    let arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var process = pid_t()
    let status = posix_spawn(&process, "/bin/sh", nil, &attributes, arguments, environ)
    guard status == 0 else { return .notStarted(String(cString: strerror(status))) }
    var result: Int32 = 0
    while waitpid(process, &result, 0) < 0 {
      guard errno == EINTR else { return .notStarted(String(cString: strerror(errno))) }
    }
    let signal = result & 0x7f
    if signal == 0 { return .exited(result >> 8 & 0xff) }
    return signal == SIGINT ? .interrupted : .exited(128 + signal)
  }
}
