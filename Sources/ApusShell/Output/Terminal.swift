import Glibc

/// What standard output and its like are connected to.
package enum Terminal {
  package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// What standard output can show: text of any length, unless it is a terminal.
  package static var style: TerminalStyle {
    guard isTerminal(STDOUT_FILENO) else { return .plain }
    let canDim = variable("NO_COLOR") == nil && variable("TERM") != "dumb"
    return TerminalStyle(width: width(STDOUT_FILENO) ?? 80, canDim: canDim)
  }

  /// The cells of a line of a terminal; nil if it does not say.
  static func width(_ descriptor: Int32) -> Int? {
    var size = winsize()
    let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return isKnown ? Int(size.ws_col) : nil
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
