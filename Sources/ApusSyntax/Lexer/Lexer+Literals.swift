import ApusValues

// Numbers, strings and quoted names: where they end, and what is wrong when they do not.
extension Lexer {
  /// Reads `1`, `1.5`, `1.`, `.5`, `1e9`.
  mutating func readNumber() -> TokenKind? {
    let start = position
    var kind = TokenKind.integer
    skipDigits()
    if byte() == ASCII.point {
      kind = .decimal
      position += 1
      skipDigits()
    }
    if byte() | ASCII.lowerCaseBit == ASCII.e {
      let hasSign = byte(1) == ASCII.plus || byte(1) == ASCII.minus
      if ASCII.isDigit(byte(hasSign ? 2 : 1)) {
        kind = .double
        position += hasSign ? 2 : 1
        skipDigits()
      }
    }
    // A point ends the digits of `1.` and may be followed by a word; digits may not.
    guard ASCII.isWord(byte()), bytes[position - 1] != ASCII.point else { return kind }
    while ASCII.isWord(byte()) { position += 1 }
    fail(
      "identifiers must not start with a digit; surround the identifier with double quotes",
      from: start,
      to: position
    )
    return nil
  }

  /// Reads `$1` from the sign on.
  mutating func readNumberedParameter() -> TokenKind? {
    let start = position
    position += 1
    skipDigits()
    let digits = String(decoding: bytes[(start + 1)..<position], as: UTF8.self)
    guard let number = Int(digits), number >= 1, number <= SyntaxLimits.parameterCount else {
      fail(
        "parameters are numbered from $1 to $\(SyntaxLimits.parameterCount)",
        from: start,
        to: position
      )
      return nil
    }
    return .numberedParameter
  }

  private mutating func skipDigits() {
    while ASCII.isDigit(byte()) { position += 1 }
  }

  /// Reads a text in single quotes from the quote on; a quote inside is doubled, or in Hive's
  /// statements escaped.
  mutating func readString(_ kind: TokenKind) -> TokenKind? {
    let start = position
    position += 1
    while position < bytes.count {
      if isHive && kind == .string || kind == .escapedString, byte() == ASCII.backslash {
        position += 2
        continue
      }
      if byte() == ASCII.quote {
        guard byte(1) == ASCII.quote else {
          position += 1
          return kind
        }
        position += 1
      }
      position += 1
    }
    let escapesQuote = zip(bytes, bytes.dropFirst()).contains {
      $0 == (ASCII.backslash, ASCII.quote)
    }
    let hint =
      switch (escapesQuote, isHive || kind == .escapedString) {
      case (true, true):
        "A backslash escapes what follows it; to mean itself it is doubled: '\\\\'."
      case (true, false): "A backslash does not escape a quote; write it twice: 'it''s'."
      default: "Close it with a single quote; a quote inside is written twice: 'it''s'."
      }
    fail("the string is not closed", from: start, to: start + 1, hint: hint)
    return nil
  }

  /// Reads a name in quotes from the quote on; a quote inside is doubled. In Hive's statements
  /// it may turn out to be a text: there a backslash escapes, and nothing may be in the quotes.
  mutating func readQuotedName(closing quote: UInt8) -> TokenKind? {
    let start = position
    position += 1
    let isText = isHive && quote == ASCII.doubleQuote
    while position < bytes.count {
      if isText, byte() == ASCII.backslash {
        position += 2
        continue
      }
      if byte() == quote {
        guard byte(1) == quote else {
          position += 1
          if position - start > 2 { return .quotedName }
          if isText { return .string }
          fail("a name in quotes must not be empty", from: start, to: position)
          return nil
        }
        position += 1
      }
      position += 1
    }
    let sign = quote == ASCII.backquote ? "`" : "\""
    fail(
      "the quoted name is not closed",
      from: start,
      to: start + 1,
      hint: "Close it with \(sign)."
    )
    return nil
  }

  /// Fails at the character at the position, which begins no token.
  mutating func failAtUnknownCharacter() {
    let rest = String(decoding: bytes[position...].prefix(4), as: UTF8.self)
    guard let scalar = rest.unicodeScalars.first else { return }
    let hint: String? =
      switch scalar {
      case "\u{2018}", "\u{2019}", "\u{201C}", "\u{201D}":
        "Use straight quotes: ' around texts, \" around names."
      case "@", "#":
        "A name with such a character is written in double quotes."
      case "!":
        "Not equal is <> or !=."
      case _ where scalar.properties.isAlphabetic:
        "A name with letters beyond a-z is written in double quotes."
      default:
        nil
      }
    fail(
      "mismatched input '\(scalar)'",
      from: position,
      to: position + UTF8.width(scalar),
      hint: hint
    )
  }
}
