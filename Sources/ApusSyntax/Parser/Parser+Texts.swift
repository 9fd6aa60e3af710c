import ApusValues

// Grammar/Tokens.grammar: what strings mean.
extension Parser {
  var isAtText: Bool { isText(current) }

  func isText(_ token: Token) -> Bool {
    switch token.kind {
    case .string, .unicodeString, .escapedString: true
    default: false
    }
  }

  mutating func parseText() throws(SQLError) -> StringLiteral {
    let start = index
    let token = current
    switch token.kind {
    case .string:
      advance()
      return StringLiteral(value: content(of: token), range: token.range)
    case .escapedString:
      let value = try decodeEscapes(token)
      advance()
      return StringLiteral(value: value, range: token.range)
    case .unicodeString:
      advance()
      var escape = Unicode.Scalar(ASCII.backslash)
      if accept(.uescape) { escape = try parseEscapeCharacter() }
      let value = try decodeUnicode(token, escape: escape)
      return StringLiteral(value: value, range: range(from: start))
    default:
      note(.rule(.text))
      throw unexpected()
    }
  }

  /// What a text or a name in quotes says.
  func content(of token: Token) -> String {
    token.hasEscapes ? unescaped(token) : undoubled(token, prefix: 0)
  }

  /// The content of a token in quotes after `prefix` bytes, with doubled quotes made single.
  func undoubled(_ token: Token, prefix: Int) -> String {
    let content = bytes[(token.range.start + prefix + 1)..<(token.range.end - 1)]
    let quote = bytes[token.range.start + prefix]
    guard content.contains(quote) else { return String(decoding: content, as: UTF8.self) }
    var result: [UInt8] = []
    result.reserveCapacity(content.count)
    var isSecond = false
    for byte in content {
      isSecond = byte == quote && !isSecond
      if !isSecond { result.append(byte) }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private mutating func parseEscapeCharacter() throws(SQLError) -> Unicode.Scalar {
    let token = current
    guard token.kind == .string else {
      note(.rule(.text))
      throw unexpected()
    }
    let scalars = undoubled(token, prefix: 0).unicodeScalars
    guard let scalar = scalars.first, scalars.count == 1, scalar.isASCII,
      scalar != "'", scalar != "\"", scalar != "+", !scalar.properties.isWhitespace,
      ASCII.hexadecimal(UInt8(scalar.value)) == nil
    else {
      throw SQLError(
        .syntaxError,
        "the escape character must be one character, and no digit, letter a-f, sign + or quote",
        at: token.range
      )
    }
    advance()
    return scalar
  }

  /// Decodes `U&'…'`: an escape with four hexadecimal digits, or with `+` and six.
  private func decodeUnicode(
    _ token: Token,
    escape: Unicode.Scalar
  ) throws(SQLError) -> String {
    var result = String.UnicodeScalarView()
    var position = token.range.start + 3
    let end = token.range.end - 1
    let escapeByte = UInt8(truncatingIfNeeded: escape.value)
    while position < end {
      let byte = bytes[position]
      if byte == ASCII.quote { position += 1 }
      guard byte == escapeByte else {
        let width = max(1, (~byte).leadingZeroBitCount)
        let character = bytes[position..<min(position + width, end)]
        result.append(contentsOf: String(decoding: character, as: UTF8.self).unicodeScalars)
        position += width
        continue
      }
      if position + 1 < end, bytes[position + 1] == escapeByte {
        result.append(escape)
        position += 2
        continue
      }
      let isLong = position + 1 < end && bytes[position + 1] == ASCII.plus
      let digits = position + (isLong ? 2 : 1)
      let next = digits + (isLong ? 6 : 4)
      guard next <= end, let scalar = scalar(hexadecimal: digits..<next) else {
        throw SQLError(
          .syntaxError,
          "the Unicode escape is not complete or names no character",
          at: SourceRange(start: position, end: min(next, end)),
          hint: "Write \(escape)XXXX or \(escape)+XXXXXX with hexadecimal digits."
        )
      }
      result.append(scalar)
      position = next
    }
    return String(result)
  }

  func scalar(hexadecimal range: Range<Int>) -> Unicode.Scalar? {
    var value: UInt32 = 0
    for byte in bytes[range] {
      guard let digit = ASCII.hexadecimal(byte) else { return nil }
      value = value << 4 | UInt32(digit)
    }
    return Unicode.Scalar(value)
  }

  /// Reads `X'…'`: pairs of hexadecimal digits, with blanks anywhere.
  mutating func parseBinaryLiteral() throws(SQLError) -> BinaryLiteral {
    let token = current
    var result: [UInt8] = []
    var high: UInt8?
    for position in (token.range.start + 2)..<(token.range.end - 1) {
      let byte = bytes[position]
      if byte == ASCII.space || (byte >= ASCII.tab && byte <= ASCII.carriageReturn) { continue }
      guard let digit = ASCII.hexadecimal(byte) else {
        throw SQLError(
          .syntaxError,
          "Binary literal can only contain hexadecimal digits",
          at: SourceRange(start: position, end: position + 1)
        )
      }
      if let first = high {
        result.append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    guard high == nil else {
      throw SQLError(
        .syntaxError,
        "Binary literal must contain an even number of digits",
        at: token.range
      )
    }
    advance()
    return BinaryLiteral(bytes: result, range: token.range)
  }

  /// Reads a precision, a scale or a length; whether it suits its type, the binder says.
  mutating func parseNumber() throws(SQLError) -> Int {
    let token = current
    guard token.kind == .integer else {
      note(.rule(.integer))
      throw unexpected()
    }
    guard let value = Int(text(of: token)) else {
      throw SQLError(.syntaxError, "the number is too large", at: token.range)
    }
    advance()
    return value
  }
}
