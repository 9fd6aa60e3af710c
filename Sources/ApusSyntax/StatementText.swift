public import ApusValues

/// Is the text of one statement among several.
public struct StatementText: Hashable, Sendable {
  /// From the first token to the last, without the semicolon.
  public var text: String
  /// Where it stands in the text that was split, in bytes.
  public var range: SourceRange
  /// Whether a semicolon ended it; a shell reads on while none did.
  public var isTerminated: Bool

  public init(text: String, range: SourceRange, isTerminated: Bool) {
    self.text = text
    self.range = range
    self.isTerminated = isTerminated
  }
}

/// Splits a text at its semicolons, but not inside quotes and comments.
///
/// - Returns: the statements in order; what holds blanks and comments only is left out. From the
///   first thing that is no token on, everything belongs to one statement, whose parsing says
///   what is wrong.
public func splitStatements(_ text: String) -> [StatementText] {
  let lexer = Lexer(text)
  var statements: [StatementText] = []
  var first: Int?
  var end = 0
  func finish(isTerminated: Bool) {
    guard let start = first else { return }
    let range = SourceRange(start: start, end: end)
    statements.append(
      StatementText(
        text: Lexer.text(lexer.bytes, range),
        range: range,
        isTerminated: isTerminated
      )
    )
    first = nil
  }
  for token in lexer.tokens {
    switch token.kind {
    case .symbol(.semicolon):
      finish(isTerminated: true)
    case .end:
      break
    case .invalid:
      first = first ?? token.range.start
      end = lexer.bytes.count
    default:
      first = first ?? token.range.start
      end = token.range.end
    }
  }
  finish(isTerminated: false)
  return statements
}
