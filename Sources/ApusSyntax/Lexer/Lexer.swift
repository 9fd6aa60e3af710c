package import ApusValues

/// Cuts a text into tokens, over its bytes.
///
/// The lexer stops at the first thing that is no token: it ends the list with an `invalid` token
/// there and keeps the reason in `error`. The parser reports it only if it gets that far, so that
/// the error a user sees is always the first one in the text.
package struct Lexer {
  let bytes: [UInt8]
  let dialect: Dialect
  var position = 0
  private(set) package var tokens: [Token] = []
  package var error: SQLError?
  /// Whether texts are written Hive's way here; `followStatement` finds out.
  private(set) var isHive = false

  package init(_ text: String, dialect: Dialect = .trino) {
    self.dialect = dialect
    bytes = Array(text.utf8)
    tokens.reserveCapacity(bytes.count / 4 + 1)
    run()
  }

  /// The text of a token.
  package func text(of token: Token) -> String { Lexer.text(bytes, token.range) }

  /// The bytes of a token as text.
  static func text(_ bytes: [UInt8], _ range: SourceRange) -> String {
    String(decoding: bytes[range.start..<range.end], as: UTF8.self)
  }

  /// The byte `distance` after the position; zero past the end, which no token contains.
  func byte(_ distance: Int = 0) -> UInt8 {
    let index = position + distance
    return index < bytes.count ? bytes[index] : 0
  }

  private mutating func run() {
    while error == nil {
      skipBlanksAndComments()
      if error != nil { return }
      let start = position
      guard position < bytes.count else {
        tokens.append(Token(kind: .end, range: SourceRange(start: start, end: start)))
        return
      }
      if let kind = next() {
        tokens.append(
          Token(
            kind: kind,
            range: SourceRange(start: start, end: position),
            hasEscapes: isHive && (kind == .string || bytes[start] == ASCII.doubleQuote)
          )
        )
        followStatement(kind)
      }
    }
  }

  private mutating func skipBlanksAndComments() {
    while position < bytes.count {
      let byte = byte()
      if byte == ASCII.space || (byte >= ASCII.tab && byte <= ASCII.carriageReturn) {
        position += 1
      } else if byte == ASCII.minus, self.byte(1) == ASCII.minus {
        while position < bytes.count, self.byte() != ASCII.newline { position += 1 }
      } else if byte == ASCII.slash, self.byte(1) == ASCII.star {
        skipBracketedComment()
        if error != nil { return }
      } else {
        return
      }
    }
  }

  private mutating func skipBracketedComment() {
    let start = position
    position += 2
    while position < bytes.count {
      if byte() == ASCII.star, byte(1) == ASCII.slash {
        position += 2
        return
      }
      position += 1
    }
    fail(
      "the comment is not closed",
      from: start,
      to: start + 2,
      hint: "Close it with */."
    )
  }

  /// Reads one token from the position on; nil when there is none, with `error` set.
  private mutating func next() -> TokenKind? {
    let first = byte()
    switch first {
    case ASCII.quote:
      return readString(.string)
    case ASCII.doubleQuote, ASCII.backquote:
      return readQuotedName(closing: first)
    case ASCII.zero...ASCII.nine:
      return readNumber()
    case ASCII.point where ASCII.isDigit(byte(1)):
      return readNumber()
    case ASCII.dollar where dialect == .postgres && ASCII.isDigit(byte(1)):
      return readNumberedParameter()
    case ASCII.tilde:
      return readMatchSign()
    case ASCII.bang where byte(1) == ASCII.tilde:
      return readMatchSign()
    case _ where ASCII.isWordStart(first):
      return readWord()
    default:
      return readSymbol()
    }
  }

  private mutating func readWord() -> TokenKind? {
    let first = byte() | ASCII.lowerCaseBit
    if first == ASCII.x, byte(1) == ASCII.quote {
      position += 1
      return readString(.binaryString)
    }
    if first == ASCII.u, byte(1) == ASCII.ampersand, byte(2) == ASCII.quote {
      position += 2
      return readString(.unicodeString)
    }
    if dialect == .postgres, first == ASCII.e, byte(1) == ASCII.quote {
      position += 1
      return readString(.escapedString)
    }
    let start = position
    while ASCII.isWord(byte()) { position += 1 }
    let word = String(decoding: bytes[start..<position], as: UTF8.self).uppercased()
    if let keyword = Keyword(uppercased: word) { return .keyword(keyword) }
    return .word
  }

  private mutating func readSymbol() -> TokenKind? {
    if let symbol = Symbol(byte(), byte(1)) {
      position += 2
      return .symbol(symbol)
    }
    if let symbol = Symbol(byte()) {
      position += 1
      return .symbol(symbol)
    }
    failAtUnknownCharacter()
    return nil
  }

  /// Reads `~` with what may stand around it: `!` before, `~` and `*` after.
  private mutating func readMatchSign() -> TokenKind? {
    let start = position
    if byte() == ASCII.bang { position += 1 }
    position += byte(1) == ASCII.tilde ? 2 : 1
    if byte() == ASCII.star { position += 1 }
    return Symbol(rawValue: String(decoding: bytes[start..<position], as: UTF8.self))
      .map(TokenKind.symbol)
  }

  /// Decides how the texts after a token are written, as soon as the statement shows what it is.
  ///
  /// Hive's statements are those about tables and databases. A table made of a query is Hive's as
  /// far as its comment; its properties and its query are not.
  private mutating func followStatement(_ kind: TokenKind) {
    switch (kind, previous(1)) {
    case (.keyword(.alter), _), (.keyword(.external), .keyword(.create)),
      (.keyword(.table), .keyword(.create)), (.keyword(.database), .keyword(.create)),
      (.keyword(.schema), .keyword(.create)):
      isHive = true
    case (.keyword(.as), let word):
      if !isClause(word) { isHive = false }
    case (.symbol(.leftParenthesis), .keyword(.with)), (.symbol(.semicolon), _):
      isHive = false
    default:
      break
    }
  }

  /// Whether the word before an AS is of STORED AS or NULL DEFINED AS, and not a table's name.
  private func isClause(_ word: TokenKind) -> Bool {
    switch (word, previous(2)) {
    case (.keyword(.defined), let before): before == .keyword(.null)
    case (.keyword(.stored), .keyword(.table)), (.keyword(.stored), .keyword(.exists)),
      (.keyword(.stored), .symbol(.point)):
      false
    case (.keyword(.stored), _): true
    default: false
    }
  }

  /// What stands so many tokens before the last one.
  private func previous(_ distance: Int) -> TokenKind {
    tokens.count > distance ? tokens[tokens.count - 1 - distance].kind : .end
  }

  /// Ends the tokens with an `invalid` one at `start..<end` and keeps the reason.
  mutating func fail(_ message: String, from start: Int, to end: Int, hint: String? = nil) {
    let range = SourceRange(start: start, end: min(end, bytes.count))
    error = SQLError(.syntaxError, message, at: range, hint: hint)
    tokens.append(Token(kind: .invalid, range: range))
  }
}

extension Keyword {
  private static let byText = Dictionary(
    uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) }
  )

  /// Finds the keyword that is spelt `word`, in capitals.
  init?(uppercased word: String) {
    guard let keyword = Keyword.byText[word] else { return nil }
    self = keyword
  }
}

extension Symbol {
  /// Finds the symbol of two characters.
  init?(_ first: UInt8, _ second: UInt8) {
    switch (first, second) {
    case (ASCII.bar, ASCII.bar): self = .concatenate
    case (ASCII.less, ASCII.greater): self = .notEqual
    case (ASCII.bang, ASCII.equal): self = .notEqualBang
    case (ASCII.less, ASCII.equal): self = .lessOrEqual
    case (ASCII.greater, ASCII.equal): self = .greaterOrEqual
    case (ASCII.minus, ASCII.greater): self = .lambdaArrow
    case (ASCII.equal, ASCII.greater): self = .argumentArrow
    case (ASCII.colon, ASCII.colon): self = .doubleColon
    default: return nil
    }
  }

  /// Finds the symbol of one character.
  init?(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "("): self = .leftParenthesis
    case UInt8(ascii: ")"): self = .rightParenthesis
    case UInt8(ascii: "["): self = .leftBracket
    case UInt8(ascii: "]"): self = .rightBracket
    case UInt8(ascii: ","): self = .comma
    case ASCII.point: self = .point
    case UInt8(ascii: ";"): self = .semicolon
    case UInt8(ascii: "{"): self = .leftBrace
    case UInt8(ascii: "}"): self = .rightBrace
    case ASCII.colon: self = .colon
    case UInt8(ascii: "?"): self = .question
    case ASCII.plus: self = .plus
    case ASCII.minus: self = .minus
    case ASCII.star: self = .star
    case ASCII.slash: self = .slash
    case UInt8(ascii: "%"): self = .percent
    case ASCII.equal: self = .equal
    case ASCII.less: self = .less
    case ASCII.greater: self = .greater
    case ASCII.bar: self = .bar
    case UInt8(ascii: "^"): self = .caret
    case ASCII.dollar: self = .dollar
    default: return nil
    }
  }
}
