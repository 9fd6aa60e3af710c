import ApusSyntax

/// The tokens before a place, looked at from their end.
struct TokenSequence {
  private let lexer: Lexer
  private let tokens: ArraySlice<Token>

  init(_ lexer: Lexer) {
    self.lexer = lexer
    tokens = lexer.tokens.dropLast()
  }

  private init(_ lexer: Lexer, _ tokens: ArraySlice<Token>) {
    self.lexer = lexer
    self.tokens = tokens
  }

  var count: Int { tokens.count }

  func dropping(_ count: Int) -> TokenSequence { TokenSequence(lexer, tokens.dropLast(count)) }

  /// The kind of the token that is `distance` before the place; the last one is at 1.
  func kind(_ distance: Int) -> TokenKind? {
    distance <= tokens.count ? tokens[tokens.endIndex - distance].kind : nil
  }

  /// `a` and `b` of `a.b.`
  var namesBeforeLastPoint: [String] {
    var names: [String] = []
    var rest = tokens
    while rest.last?.kind == .symbol(.point) {
      guard let name = lexer.name(rest.dropLast().last) else { return [] }
      names.insert(name, at: 0)
      rest = rest.dropLast(2)
    }
    return names
  }

  /// Whether a comma here parts relations: the clause that it is in, at its own depth of
  /// parentheses, is FROM.
  var isInFromClause: Bool {
    var depth = 0
    for token in tokens.reversed() {
      switch token.kind {
      case .symbol(.rightParenthesis): depth += 1
      case .symbol(.leftParenthesis):
        depth -= 1
        if depth < 0 { return false }
      case .keyword(.from) where depth == 0: return true
      case .keyword(let keyword) where depth == 0 && TokenSequence.clauses.contains(keyword):
        return false
      default: break
      }
    }
    return false
  }

  private static let clauses: Set<Keyword> = [
    .select, .where, .group, .having, .order, .limit, .window, .values, .by, .on, .using, .set,
  ]

  /// Whether FROM here is a word within a call, as in `extract(year FROM …)`.
  var isInFunctionOfWords: Bool {
    var depth = 0
    for (index, token) in zip(tokens.indices, tokens).reversed() {
      if token.kind == .symbol(.rightParenthesis) { depth += 1 }
      guard token.kind == .symbol(.leftParenthesis) else { continue }
      depth -= 1
      guard depth < 0 else { continue }
      guard index > tokens.startIndex else { return false }
      let word = lexer.text(of: tokens[index - 1]).uppercased()
      return ["EXTRACT", "TRIM", "SUBSTRING", "OVERLAY"].contains(word)
    }
    return false
  }
}

extension RelationReference {
  /// Finds the tables that stand where the tokens of a statement say so, with their aliases.
  static func all(in lexer: Lexer) -> [RelationReference] {
    let tokens = lexer.tokens
    var references: [RelationReference] = []
    var isInFrom = false
    var index = 0
    while index < tokens.count {
      let kind = tokens[index].kind
      index += 1
      switch kind {
      case .keyword(.from), .keyword(.join), .keyword(.into), .keyword(.describe):
        isInFrom = true
      case .symbol(.comma) where isInFrom:
        break
      case .keyword(.where), .keyword(.select), .keyword(.group), .keyword(.order), .keyword(.on),
        .symbol(.rightParenthesis):
        isInFrom = false
        continue
      default:
        continue
      }
      guard let (source, next) = lexer.relation(at: index) else { continue }
      index = next
      if index < tokens.count, tokens[index].kind == .keyword(.as) { index += 1 }
      let alias = index < tokens.count ? lexer.alias(tokens[index]) : nil
      if alias != nil { index += 1 }
      references.append(RelationReference(source: source, alias: alias))
    }
    return references
  }
}

extension Lexer {
  /// The name that a token is, folded as SQL folds it.
  fileprivate func name(_ token: Token?) -> String? {
    guard let token else { return nil }
    switch token.kind {
    case .word: return text(of: token).lowercased()
    case .keyword(let keyword) where !keyword.isReserved: return text(of: token).lowercased()
    case .quotedName: return String(text(of: token).dropFirst().dropLast())
    default: return nil
    }
  }

  /// A word that cannot be a keyword with a meaning here.
  fileprivate func alias(_ token: Token) -> String? {
    token.kind == .word || token.kind == .quotedName ? name(token) : nil
  }

  /// Reads a table's name or path; nil if there is none.
  fileprivate func relation(at start: Int) -> (RelationReference.Source, next: Int)? {
    guard start < tokens.count else { return nil }
    if tokens[start].kind == .string {
      let text = text(of: tokens[start]).dropFirst().dropLast()
      return (
        .path(
          text.split(separator: "''", omittingEmptySubsequences: false)
            .joined(separator: "'")
        ), start + 1
      )
    }
    var names: [String] = []
    var index = start
    while index < tokens.count, let name = name(tokens[index]) {
      names.append(name)
      index += 1
      guard index < tokens.count, tokens[index].kind == .symbol(.point) else { break }
      index += 1
    }
    return names.isEmpty ? nil : (.name(names), index)
  }
}
