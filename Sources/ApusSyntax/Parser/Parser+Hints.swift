import ApusValues

// What people write who come from another database, and what they can write here.
extension Parser {
  /// Returns advice for the error at the current token, where there is some.
  func hint() -> String? {
    switch current.kind {
    case .symbol(.equal) where precedes(.equal):
      return "Values are compared with a single =."
    case .symbol(.doubleColon):
      return "Write CAST(value AS type) instead of value::type."
    case .symbol(.comma) where previous(2)?.kind == .keyword(.limit):
      return "Write OFFSET n LIMIT m instead of LIMIT n, m."
    case .integer where previousWord == "TOP":
      return "Write LIMIT n at the end of the query instead of TOP n."
    case .symbol(.dollar):
      return "A name with such a character is written in double quotes."
    case .symbol(.bar):
      return "Two texts are joined with ||."
    case .symbol(.matchSign), .symbol(.matchIgnoringCase), .symbol(.notMatch),
      .symbol(.notMatchIgnoringCase):
      return Self.regularExpressionHint
    case .symbol(.leftBrace):
      return "Escapes of ODBC such as {fn …} are known where PostgreSQL's clients connect."
    case .word:
      let word = text(of: current).uppercased()
      return hintForWord(word) ?? hintForMisspelling(word)
    case .keyword(let keyword):
      return hintForKeyword(keyword) ?? hintForMisspelling(keyword.rawValue)
    default:
      return nil
    }
  }

  private static let regularExpressionHint = "Write regexp_like(value, pattern)."

  private func hintForWord(_ word: String) -> String? {
    switch word {
    case "RLIKE", "REGEXP": Self.regularExpressionHint
    case "QUALIFY": "Filter the window function in a query around this one."
    case "MINUS": "Write EXCEPT instead of MINUS."
    default: nil
    }
  }

  private func hintForMisspelling(_ word: String) -> String? {
    let meant = expectedKeywords.first { isMisspelling(word, of: $0.rawValue) }
    return meant.map { "Did you mean \($0.rawValue)?" }
  }

  private func hintForKeyword(_ keyword: Keyword) -> String? {
    if keyword == .ilike { return "Write lower(value) LIKE pattern." }
    if previous(1)?.kind == .symbol(.comma), Self.clauseStarts.contains(keyword) {
      return "Remove the comma before \(keyword.rawValue)."
    }
    guard expectsName, keyword.isReserved || Self.notInExpressions.contains(keyword) else {
      return nil
    }
    guard looksLikeName else { return nil }
    let word = text(of: current)
    return "\(keyword.rawValue) is a reserved word; to use it as a name, quote it: "
      + "\"\(word.lowercased())\"."
  }

  /// Whether what follows the current token would suit a name.
  private var looksLikeName: Bool {
    switch peek().kind {
    case .end: previous(1) != nil
    case .symbol(let symbol): symbol != .leftParenthesis && symbol != .star
    case .keyword(let keyword):
      Self.clauseStarts.contains(keyword) || keyword == .as || keyword == .join
    default: false
    }
  }

  private static let clauseStarts: Set<Keyword> = [
    .from, .where, .group, .having, .order, .union, .except, .intersect, .limit,
  ]

  private func previous(_ distance: Int) -> Token? {
    index >= distance ? tokens[index - distance] : nil
  }

  private func precedes(_ symbol: Symbol) -> Bool {
    guard let previous = previous(1) else { return false }
    return previous.kind == .symbol(symbol) && previous.range.end == current.range.start
  }

  private var previousWord: String? {
    guard let previous = previous(1) else { return nil }
    switch previous.kind {
    case .word, .keyword: return text(of: previous).uppercased()
    default: return nil
    }
  }

  /// Whether one letter is missing, too many or wrong, or two neighbours have changed places.
  func isMisspelling(_ word: String, of meant: String) -> Bool {
    let written = Array(word.utf8)
    let right = Array(meant.utf8)
    guard abs(written.count - right.count) <= 1, written.count > 2 else { return false }
    let shared = zip(written, right).prefix { $0 == $1 }.count
    let tail = zip(written.reversed(), right.reversed()).prefix { $0 == $1 }.count
    let longer = max(written.count, right.count)
    if shared + tail >= longer - 1 { return true }
    guard written.count == right.count, shared + tail == longer - 2 else { return false }
    return written[shared] == right[shared + 1] && written[shared + 1] == right[shared]
  }
}
