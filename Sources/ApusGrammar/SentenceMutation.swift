extension [SentenceToken] {
  /// Returns the sentence with one token left out, doubled, exchanged with its neighbour, or
  /// replaced by a token from anywhere in the language.
  package func mutated(_ table: GrammarTable, using random: inout RandomBits) -> [SentenceToken] {
    guard !isEmpty else { return self }
    var result = self
    let position = random.below(count)
    switch random.below(6) {
    case 0:
      result.remove(at: position)
    case 1:
      result.insert(self[position], at: position)
    case 2:
      result.swapAt(position, Swift.min(position + 1, count - 1))
    case 3:
      result.insert(table.anyToken(using: &random), at: position)
    default:
      result[position] = table.anyToken(using: &random)
    }
    return result
  }
}

extension GrammarTable {
  private static let signs = [
    "(", ")", "[", "]", ",", ".", "+", "-", "*", "/", "%", "||", "=", "<>", "!=", "<", "<=", ">",
    ">=", "->", "=>", "?", ":", "::", "{", "}", "|", "^", "$", "~", "!~*", "~~",
  ]

  /// Returns a keyword, a sign or a sample of a token.
  func anyToken(using random: inout RandomBits) -> SentenceToken {
    switch random.below(4) {
    case 0:
      let sign = random.pick(Self.signs) ?? ","
      return SentenceToken(kind: .symbol(sign), text: sign)
    case 1:
      let token = random.pick(grammar.tokens.filter(has))
      let name = token?.name ?? "word"
      let text = random.pick(token?.samples ?? []) ?? "x"
      return SentenceToken(kind: .token(token?.base ?? name), text: text)
    default:
      let word = random.pick(grammar.keywords)?.word ?? "SELECT"
      return SentenceToken(kind: .keyword(word), text: word)
    }
  }
}
