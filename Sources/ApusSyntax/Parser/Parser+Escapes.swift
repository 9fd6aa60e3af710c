import ApusValues

// What a backslash means in the texts of Hive's statements.
extension Parser {
  /// The content of a token in quotes, with doubled quotes made single and escapes decoded.
  func unescaped(_ token: Token) -> String {
    let quote = bytes[token.range.start]
    var rest = bytes[(token.range.start + 1)..<(token.range.end - 1)]
    var result: [UInt8] = []
    result.reserveCapacity(rest.count)
    while let byte = rest.popFirst() {
      if byte == ASCII.backslash, !rest.isEmpty {
        result += takeEscape(&rest)
      } else {
        // The lexer has seen to it that a quote comes with its double.
        if byte == quote { rest = rest.dropFirst() }
        result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Takes what follows a backslash and returns the bytes that it stands for: `\n` and its like,
  /// `\001` in octal digits, `\u00e9` in hexadecimal ones; any other character stands for itself.
  private func takeEscape(_ rest: inout ArraySlice<UInt8>) -> [UInt8] {
    if let scalar = octal(rest.prefix(3)) {
      rest = rest.dropFirst(3)
      return Array(String(scalar).utf8)
    }
    if rest.first == ASCII.u, let scalar = scalar(hexadecimalDigits: rest.dropFirst().prefix(4)) {
      rest = rest.dropFirst(5)
      return Array(String(scalar).utf8)
    }
    guard let byte = rest.popFirst() else { return [] }
    switch byte {
    case UInt8(ascii: "0"): return [0]
    case UInt8(ascii: "b"): return [8]
    case UInt8(ascii: "n"): return [ASCII.newline]
    case UInt8(ascii: "r"): return [ASCII.carriageReturn]
    case UInt8(ascii: "t"): return [ASCII.tab]
    case UInt8(ascii: "Z"): return [26]
    // Patterns of LIKE keep theirs.
    case ASCII.underscore, UInt8(ascii: "%"): return [ASCII.backslash, byte]
    default: return [byte]
    }
  }

  /// The character below 128 that three octal digits number.
  private func octal(_ digits: ArraySlice<UInt8>) -> Unicode.Scalar? {
    guard digits.count == 3, let first = digits.first, first <= UInt8(ascii: "1"),
      digits.allSatisfy({ $0 >= ASCII.zero && $0 <= UInt8(ascii: "7") })
    else { return nil }
    return Unicode.Scalar(digits.reduce(0) { $0 << 3 | ($1 - ASCII.zero) })
  }

  private func scalar(hexadecimalDigits digits: ArraySlice<UInt8>) -> Unicode.Scalar? {
    digits.count == 4 ? scalar(hexadecimal: digits.startIndex..<digits.endIndex) : nil
  }
}
