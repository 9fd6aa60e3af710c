/// What may come next in a statement that is being written.
public struct ExpectedWords: Hashable, Sendable {
  /// In capitals, in the order of the alphabet.
  public var keywords: [String]
  /// Whether the name of something that exists may: a table, a column, a function. A bare alias,
  /// which may be any name, does not count.
  public var acceptsName: Bool
}

/// Finds what may come at the end of the beginning of a statement.
///
/// The parser is asked by trial: a keyword may come if the parser takes it, and if it takes it for
/// more than a name. So what is offered follows the grammar without a second description of it.
///
/// - Parameter prefix: what the keywords begin with, in any case; only these are tried.
/// - Returns: nil if the beginning is wrong itself, ends within quotes or a comment, or is longer
///   than anyone wants to wait for.
public func expectedWords(
  after beginning: String,
  startingWith prefix: String = "",
  dialect: Dialect = .trino
) -> ExpectedWords? {
  guard beginning.utf8.count <= 16_384 else { return nil }
  guard let here = expectations(after: beginning, dialect) else { return nil }
  let asName = expectations(after: beginning + " a", dialect)
  let capitals = prefix.uppercased()
  var keywords: [String] = []
  for keyword in Keyword.allCases where keyword.rawValue.hasPrefix(capitals) {
    let isNoted = here.contains(.keyword(keyword))
    let isLiteral = here.contains(.rule(.expression)) && wordsBeforeText.contains(keyword)
    guard isNoted || isLiteral || isTaken(keyword, after: beginning, asName, dialect) else {
      continue
    }
    keywords.append(keyword.rawValue)
  }
  return ExpectedWords(
    keywords: keywords.sorted(),
    acceptsName: here.contains(.rule(.identifier)) || here.contains(.rule(.expression))
  )
}

/// Words that are names unless something of their own follows.
private let wordsBeforeText: Set<Keyword> = [.interval, .tryCast]

/// Whether the parser takes a keyword, and not as it would take any name.
private func isTaken(
  _ keyword: Keyword,
  after beginning: String,
  _ asName: Set<Expectation>?,
  _ dialect: Dialect
) -> Bool {
  guard let then = expectations(after: beginning + " " + keyword.rawValue, dialect) else {
    return false
  }
  return keyword.isReserved || then != asName
}

/// What the parser has asked for at the end of a text; nil if it did not get there.
private func expectations(after text: String, _ dialect: Dialect) -> Set<Expectation>? {
  guard var parser = try? Parser(text, dialect: dialect) else { return nil }
  do {
    _ = try parser.parseStatement()
    try parser.parseEnd()
  } catch {
    // Only the place matters.
  }
  return parser.current.kind == .end ? Set(parser.expectations) : nil
}
