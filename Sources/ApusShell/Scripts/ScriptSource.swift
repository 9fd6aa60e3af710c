import Glibc

/// Where statements come from.
package enum ScriptSource: Sendable, Equatable {
  /// `-c`
  case text(String)
  /// `-f`
  case file(String)
  /// `-f -`, or nothing at all.
  case standardInput

  /// What places in the text are said to be in; nil for text of the command line.
  package var name: String? {
    switch self {
    case .text: nil
    case .file(let path): path
    case .standardInput: nil
    }
  }

  /// Reads the whole text. What is not UTF-8 becomes U+FFFD.
  ///
  /// - Throws: the system's words for what went wrong.
  package func read() throws(OutputError) -> String {
    switch self {
    case .text(let text):
      return text
    case .standardInput:
      return try ScriptSource.read(STDIN_FILENO, "standard input")
    case .file(let path):
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw OutputError(errorNumber: errno, "cannot read \(path)") }
      defer { close(descriptor) }
      return try ScriptSource.read(descriptor, path)
    }
  }

  private static func read(_ descriptor: Int32, _ name: String) throws(OutputError) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw OutputError(errorNumber: errno, "cannot read \(name)")
      }
      bytes.append(contentsOf: buffer[..<count])
    }
    // A byte order mark is no part of the text.
    let mark: [UInt8] = [0xef, 0xbb, 0xbf]
    return String(
      decoding: bytes.starts(with: mark) ? bytes.dropFirst(3) : bytes[...],
      as: UTF8.self
    )
  }
}
