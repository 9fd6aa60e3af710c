import ApusValues

/// Is a primary that was read before it was known that an expression begins with it.
struct ReadPrimary {
  var expression: Expression
  /// The token at which it begins.
  var start: Int
}

// Grammar/Expressions.grammar from `expression` to `primary`.
extension Parser {
  mutating func parseExpression(
    after read: ReadPrimary? = nil
  ) throws(SQLError) -> Expression {
    let outer = try open()
    defer { close(outer) }
    return try parseDisjunction(after: read)
  }

  private mutating func parseDisjunction(after read: ReadPrimary?) throws(SQLError) -> Expression {
    let start = read?.start ?? index
    let first = try parseConjunction(after: read)
    guard isAt(.or) else { return first }
    var terms = [first]
    while isAt(.or) {
      advance()
      terms.append(try parseConjunction(after: nil))
    }
    try grow()
    return .logical(LogicalExpression(operator: .or, terms: terms, range: range(from: start)))
  }

  private mutating func parseConjunction(after read: ReadPrimary?) throws(SQLError) -> Expression {
    let start = read?.start ?? index
    let first = try parseNegation(after: read)
    guard isAt(.and) else { return first }
    var terms = [first]
    while isAt(.and) {
      advance()
      terms.append(try parseNegation(after: nil))
    }
    try grow()
    return .logical(LogicalExpression(operator: .and, terms: terms, range: range(from: start)))
  }

  private mutating func parseNegation(after read: ReadPrimary?) throws(SQLError) -> Expression {
    guard read == nil, isAt(.not) else { return try parsePredicate(after: read) }
    let outer = startChain()
    var starts: [Int] = []
    while isAt(.not) {
      starts.append(index)
      advance()
    }
    var operand = try parsePredicate(after: nil)
    for start in starts.reversed() {
      try grow()
      operand = .not(NotExpression(operand: operand, range: range(from: start)))
    }
    joinChain(outer)
    return operand
  }

  /// Reads a value whose tree is not part of the operators around it, such as an argument.
  mutating func parseEnclosedValue() throws(SQLError) -> Expression {
    let outer = try open()
    defer { close(outer) }
    return try parseValue()
  }

  /// Reads operators that bind at least as tightly as `minimum`.
  mutating func parseValue(
    minimum: Int = 1,
    after read: ReadPrimary? = nil
  ) throws(SQLError) -> Expression {
    let start = read?.start ?? index
    let outer = read == nil ? startChain() : 0
    var left = try parseSigned(after: read)
    while case .symbol(let symbol) = current.kind,
      let operation = ArithmeticOperator(symbol), operation.precedence >= minimum
    {
      advance()
      let right = try parseValue(minimum: operation.precedence + 1)
      try grow()
      left = .arithmetic(
        ArithmeticExpression(
          operator: operation,
          left: left,
          right: right,
          range: range(from: start)
        )
      )
    }
    joinChain(outer)
    return left
  }

  private mutating func parseSigned(after read: ReadPrimary?) throws(SQLError) -> Expression {
    guard read == nil, sign != nil else { return try parseZoned(after: read) }
    var signs: [(sign: Sign, start: Int)] = []
    while let sign {
      signs.append((sign, index))
      advance()
    }
    var operand = try parseZoned(after: nil)
    for (sign, start) in signs.reversed() {
      try grow()
      operand = .unary(UnaryExpression(sign: sign, operand: operand, range: range(from: start)))
    }
    return operand
  }

  /// The sign at the current token, if it is one.
  var sign: Sign? {
    switch current.kind {
    case .symbol(.plus): .plus
    case .symbol(.minus): .minus
    default: nil
    }
  }

  private mutating func parseZoned(after read: ReadPrimary?) throws(SQLError) -> Expression {
    let start = read?.start ?? index
    var value = try parsePrimary(after: read)
    while isAt(.at), peek().kind == .keyword(.time) {
      advance()
      advance()
      try expect(.zone)
      let zone: Expression
      if isAt(.interval) {
        zone = .interval(try parseIntervalLiteral())
      } else {
        note(.keyword(.interval))
        zone = .string(try parseText())
      }
      try grow()
      value = .atTimeZone(
        AtTimeZoneExpression(value: value, zone: zone, range: range(from: start))
      )
    }
    return value
  }

  /// Reads a primary with its subscripts and fields; stops before the `.*` of a select item.
  private mutating func parsePrimary(after read: ReadPrimary?) throws(SQLError) -> Expression {
    let start = read?.start ?? index
    var base: Expression
    if let read { base = read.expression } else { base = try parsePrimaryBase() }
    while true {
      if isAt(.leftBracket) {
        advance()
        let position = try parseEnclosedValue()
        try expect(.rightBracket)
        try grow()
        base = .subscript(
          SubscriptExpression(base: base, index: position, range: range(from: start))
        )
      } else if isAt(.point), peek().kind != .symbol(.star) {
        advance()
        let field = try parseIdentifier()
        try grow()
        base = .dereference(
          DereferenceExpression(base: base, field: field, range: range(from: start))
        )
      } else if dialect == .postgres, isAt(.doubleColon) {
        advance()
        let type = try parseTypeName()
        try grow()
        base = try castOfPostgres(base, to: type, range(from: start))
      } else if dialect == .postgres, isAt(.collate) {
        advance()
        try parseCollation()
      } else {
        lastPrimaryStart = start
        return base
      }
    }
  }
}
