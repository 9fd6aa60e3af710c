import Glibc

/// Why results could not be written.
package enum OutputError: Error, Equatable, CustomStringConvertible {
  /// Whoever read them has gone, as `head` does; nothing to complain of.
  case readerHasGone
  /// In the system's words.
  case failed(String)

  package var description: String {
    switch self {
    case .readerHasGone: "the reader has gone"
    case .failed(let text): text
    }
  }

  /// The error that a system call left, with what could not be done.
  init(errorNumber: Int32, _ action: String) {
    if errorNumber == EPIPE {
      self = .readerHasGone
    } else {
      self = .failed("\(action): \(String(cString: strerror(errorNumber)))")
    }
  }
}
