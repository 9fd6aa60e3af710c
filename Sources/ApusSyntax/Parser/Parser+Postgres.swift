import ApusValues

// What only PostgreSQL's clients write, as the nodes that say the same in Trino's dialect.

/// Is one of PostgreSQL's signs for LIKE and regular expressions.
struct MatchOperator {
  var isRegularExpression: Bool
  var ignoresCase: Bool
  var isNegated: Bool

  init?(_ symbol: Symbol) {
    switch symbol {
    case .matchSign, .matchIgnoringCase, .notMatch, .notMatchIgnoringCase:
      isRegularExpression = true
    case .likeSign, .likeIgnoringCase, .notLike, .notLikeIgnoringCase:
      isRegularExpression = false
    default: return nil
    }
    ignoresCase = symbol.rawValue.hasSuffix("*")
    isNegated = symbol.rawValue.hasPrefix("!")
  }
}

extension Parser {
  /// Builds the call of a function that is known by its name alone.
  func builtCall(
    _ name: String,
    _ arguments: [Expression],
    at place: SourceRange
  ) -> Expression {
    let identifier = Identifier(value: name, range: place)
    return .call(
      FunctionCall(
        name: QualifiedName(parts: [identifier], range: place),
        arguments: arguments,
        range: place
      )
    )
  }

  /// Reads what follows `~` and its like.
  mutating func parseMatch(
    _ match: MatchOperator,
    _ value: Expression,
    _ start: Int
  ) throws(SQLError) -> Expression {
    let pattern = try parseValue()
    try grow()
    guard match.isRegularExpression else {
      let like = LikeExpression(
        value: value,
        pattern: pattern,
        isNegated: match.isNegated,
        range: range(from: start)
      )
      return .like(try likeOfPostgres(like, ignoresCase: match.ignoresCase))
    }
    let place = range(from: start)
    let expression = match.ignoresCase ? try ignoringCase(pattern) : pattern
    let call = builtCall("regexp_like", [value, expression], at: place)
    guard match.isNegated else { return call }
    try grow()
    return .not(NotExpression(operand: call, range: place))
  }

  /// Returns `left = ANY (array)` and its like as a question to the array.
  mutating func quantified(
    _ comparison: ComparisonOperator,
    isAll: Bool,
    _ left: Expression,
    _ array: Expression,
    _ start: Int
  ) throws(SQLError) -> Expression {
    let place = range(from: start)
    try grow()
    switch (comparison, isAll) {
    case (.equal, false):
      return builtCall("contains", [array, left], at: place)
    case (.notEqual, true):
      try grow()
      let call = builtCall("contains", [array, left], at: place)
      return .not(NotExpression(operand: call, range: place))
    default:
      try grow()
      try grow()
      // No column has this name.
      let element = Identifier(value: "array element", isQuoted: true, range: array.range)
      let condition = ComparisonExpression(
        operator: comparison,
        left: left,
        right: .identifier(element),
        range: place
      )
      let lambda = LambdaExpression(
        parameters: [element],
        body: .comparison(condition),
        range: place
      )
      return builtCall(isAll ? "all_match" : "any_match", [array, .lambda(lambda)], at: place)
    }
  }

  /// Returns a regular expression that ignores case.
  private mutating func ignoringCase(_ pattern: Expression) throws(SQLError) -> Expression {
    let place = pattern.range
    if case .string(let literal) = pattern {
      return .string(StringLiteral(value: "(?i)" + literal.value, range: place))
    }
    try grow()
    return .arithmetic(
      ArithmeticExpression(
        operator: .concatenate,
        left: .string(StringLiteral(value: "(?i)", range: place)),
        right: pattern,
        range: place
      )
    )
  }

  /// Returns PostgreSQL's LIKE as Trino writes it: a backslash escapes there unless another
  /// character does, also what needs no escape; ILIKE compares in lower case.
  mutating func likeOfPostgres(
    _ like: LikeExpression,
    ignoresCase: Bool
  ) throws(SQLError) -> LikeExpression {
    var like = like
    if ignoresCase {
      try grow()
      like.value = builtCall("lower", [like.value], at: like.value.range)
      like.pattern = lowerCased(like.pattern)
      like.escape = like.escape.map(lowerCased)
    }
    guard like.escape == nil else { return like }
    var needsEscape = true
    if case .string(var literal) = like.pattern {
      literal.value = withoutIdleEscapes(literal.value)
      needsEscape = literal.value.unicodeScalars.contains("\\")
      like.pattern = .string(literal)
    }
    if needsEscape {
      like.escape = .string(StringLiteral(value: "\\", range: like.pattern.range))
    }
    return like
  }

  private func lowerCased(_ expression: Expression) -> Expression {
    guard case .string(var literal) = expression, literal.value.utf8.allSatisfy({ $0 < 0x80 })
    else { return builtCall("lower", [expression], at: expression.range) }
    literal.value = literal.value.lowercased()
    return .string(literal)
  }

  /// The pattern without the backslashes before characters that mean themselves anyway.
  private func withoutIdleEscapes(_ pattern: String) -> String {
    var result = String.UnicodeScalarView()
    var isEscaped = false
    for scalar in pattern.unicodeScalars {
      if isEscaped {
        if scalar == "%" || scalar == "_" || scalar == "\\" { result.append("\\") }
        result.append(scalar)
        isEscaped = false
      } else if scalar == "\\" {
        isEscaped = true
      } else {
        result.append(scalar)
      }
    }
    if isEscaped { result.append("\\") }
    return String(result)
  }

  /// Reads what follows COLLATE, which may only name the order that there is: that of code points.
  mutating func parseCollation() throws(SQLError) {
    if current.kind == .word, text(of: current).lowercased() == "pg_catalog" {
      advance()
      try expect(.point)
    }
    let token = current
    note(.rule(.identifier))
    switch token.kind {
    case .keyword(.default):
      advance()
    case .quotedName where ["C", "POSIX", "default", "ucs_basic"].contains(content(of: token)):
      advance()
    default:
      guard isIdentifier(token) else { throw unexpected() }
      throw .notSupported("COLLATE \(text(of: token))", at: token.range)
    }
  }

  /// Whether LEFT or RIGHT is a function here: both are reserved and calls all the same.
  var isReservedCall: Bool {
    dialect == .postgres && peek().kind == .symbol(.leftParenthesis)
  }

  mutating func parseReservedCall() throws(SQLError) -> FunctionCall {
    let start = index
    let name = text(of: current).lowercased()
    let place = current.range
    advance()
    try expect(.leftParenthesis)
    var arguments = [try parseExpression()]
    while accept(.comma) { arguments.append(try parseExpression()) }
    try expect(.rightParenthesis)
    let identifier = Identifier(value: name, isQuoted: true, range: place)
    return FunctionCall(
      name: QualifiedName(parts: [identifier], range: place),
      arguments: arguments,
      range: range(from: start)
    )
  }
}

// What a backslash means in `E'…'`.
extension Parser {
  func decodeEscapes(_ token: Token) throws(SQLError) -> String {
    let end = token.range.end - 1
    var position = token.range.start + 2
    var result: [UInt8] = []
    while position < end {
      let byte = bytes[position]
      guard byte == ASCII.backslash, position + 1 < end else {
        // The lexer has seen to it that a quote comes with its double.
        position += byte == ASCII.quote ? 2 : 1
        result.append(byte)
        continue
      }
      let escape = try decodeEscape(at: position, end: end)
      result += Array(String(escape.scalar).utf8)
      position = escape.end
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Decodes the escape whose backslash is at `start`: `\n` and its like, `\101` in octal digits,
  /// `\x41`, `\u0041` and `\U00000041` in hexadecimal ones; any other character stands for itself.
  private func decodeEscape(
    at start: Int,
    end: Int
  ) throws(SQLError) -> (scalar: Unicode.Scalar, end: Int) {
    let byte = bytes[start + 1]
    switch byte {
    case UInt8(ascii: "b"): return ("\u{8}", start + 2)
    case ASCII.f: return ("\u{C}", start + 2)
    case UInt8(ascii: "n"): return ("\n", start + 2)
    case UInt8(ascii: "r"): return ("\r", start + 2)
    case UInt8(ascii: "t"): return ("\t", start + 2)
    case ASCII.u, UInt8(ascii: "U"):
      let digits = start + 2..<start + (byte == ASCII.u ? 6 : 10)
      guard digits.upperBound <= end, let scalar = scalar(hexadecimal: digits) else {
        throw escapeError(start..<min(digits.upperBound, end))
      }
      return (scalar, digits.upperBound)
    case ASCII.x where start + 2 < end && ASCII.hexadecimal(bytes[start + 2]) != nil:
      let isLong = start + 3 < end && ASCII.hexadecimal(bytes[start + 3]) != nil
      let next = start + (isLong ? 4 : 3)
      return (try character(scalar(hexadecimal: start + 2..<next), start..<next), next)
    case ASCII.zero...UInt8(ascii: "7"):
      let digits = bytes[start + 1..<min(start + 4, end)].prefix {
        ASCII.zero...UInt8(ascii: "7") ~= $0
      }
      let value = digits.reduce(UInt32(0)) { $0 << 3 | UInt32($1 - ASCII.zero) }
      let next = digits.endIndex
      return (try character(Unicode.Scalar(value), start..<next), next)
    default:
      let rest = String(decoding: bytes[(start + 1)..<min(start + 5, end)], as: UTF8.self)
      let scalar = rest.unicodeScalars.first ?? "\\"
      return (scalar, start + 1 + UTF8.width(scalar))
    }
  }

  /// Takes a byte by its number, which alone is a character only below 128.
  private func character(
    _ scalar: Unicode.Scalar?,
    _ range: Range<Int>
  ) throws(SQLError) -> Unicode.Scalar {
    guard let scalar, scalar.isASCII, scalar.value > 0 else { throw escapeError(range) }
    return scalar
  }

  private func escapeError(_ range: Range<Int>) -> SQLError {
    SQLError(
      .syntaxError,
      "the escape is not complete or names no character",
      at: SourceRange(start: range.lowerBound, end: range.upperBound),
      hint: "Write \\uXXXX or \\UXXXXXXXX with hexadecimal digits."
    )
  }
}
