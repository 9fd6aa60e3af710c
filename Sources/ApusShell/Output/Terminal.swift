import Glibc

/// What standard output and its like are connected to.
package enum Terminal {
  package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// What standard output can show: text of any length, unless it is a terminal.
  package static var style: TerminalStyle {
    guard isTerminal(STDOUT_FILENO) else { return .plain }
    var size = winsize()
    let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    let canDim = variable("NO_COLOR") == nil && variable("TERM") != "dumb"
    return TerminalStyle(width: isKnown ? Int(size.ws_col) : 80, canDim: canDim)
  }

  /// An environment variable that is set and not empty.
  package static func variable(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }

  /// Writes a text to standard error.
  package static func complain(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      _ = Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
    }
  }
}
