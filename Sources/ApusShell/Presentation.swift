/// How results look.
package struct Presentation: Sendable {
  package var format: OutputFormat
  /// Whether rows are turned into lines of their own.
  package var expansion = Expansion.off
  /// Rows of a box on a terminal, which should not scroll away what came before; nil is all.
  package var rowLimit: Int?
  /// Whether it is said how long each statement took.
  package var showsTiming: Bool
  /// Whether a line after each result says how large it was.
  package var hasStatusLine = false

  package init(format: OutputFormat, showsTiming: Bool = false) {
    self.format = format
    self.showsTiming = showsTiming
  }

  package enum Expansion: String, Sendable, CaseIterable {
    case off
    case on
    /// Where the columns do not fit the terminal.
    case auto
  }

  func makeFormatter(isOnTerminal: Bool) -> any ResultFormatter {
    // Asked anew for every result: terminals change their size.
    var style = isOnTerminal ? Terminal.style : .plain
    style.hasStatusLine = hasStatusLine && isOnTerminal
    style.rowLimit = isOnTerminal ? rowLimit : nil
    guard format == .box else { return format.makeFormatter(for: style) }
    switch expansion {
    case .off: return BoxFormatter(style: style)
    case .on: return VerticalFormatter(style: style)
    case .auto: return FittingFormatter(style: style)
    }
  }
}
