/// Counts the values that a statement's text wants: its `?`, or the highest of `$1`, `$2`, ….
///
/// Those of a statement that PREPARE keeps count as well; within `PATTERN (…)` a `?` is a quantifier.
public func parameterCount(of text: String, dialect: Dialect = .trino) -> Int {
  guard text.utf8.contains(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "$") }) else {
    return 0
  }
  let lexer = Lexer(text, dialect: dialect)
  var count = 0
  var previous: TokenKind?
  var patternDepth = 0
  for token in lexer.tokens {
    switch token.kind {
    case .symbol(.leftParenthesis) where patternDepth > 0 || previous == .keyword(.pattern):
      patternDepth += 1
    case .symbol(.rightParenthesis) where patternDepth > 0:
      patternDepth -= 1
    case .symbol(.question) where patternDepth == 0:
      count += 1
    case .numberedParameter:
      count = max(count, Int(Lexer.text(lexer.bytes, token.range).dropFirst()) ?? 0)
    default:
      break
    }
    previous = token.kind
  }
  return count
}
