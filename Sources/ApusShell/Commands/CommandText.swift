package import ApusValues

/// A command of the shell as it was written: `\name arguments` to the end of the line.
package struct CommandText: Equatable, Sendable {
  /// Without the backslash; `?` and `!` are names and need no blank behind them.
  package var name: String
  /// What follows the name, without blanks around it.
  package var argument: String
  /// Where it stands in the text, in bytes.
  package var range: SourceRange

  /// - Parameter line: what follows the backslash.
  package init(line: String, range: SourceRange = SourceRange(start: 0, end: 0)) {
    let name: Substring
    if let first = line.first, first == "!" || first == "?" {
      name = line.prefix(1)
    } else {
      name = line.prefix { !$0.isWhitespace && $0 != ";" }
    }
    self.name = String(name)
    argument = String(trimmed(line.dropFirst(name.count)))
    self.range = range
  }

  /// The argument without a semicolon that habit has put at its end.
  package var word: String {
    var word = argument[...]
    while word.last == ";" || word.last?.isWhitespace == true { word.removeLast() }
    return String(word)
  }
}
