import ApusValues

// Grammar/Expressions.grammar: functionCall and what belongs to it.
extension Parser {
  mutating func parseFunctionCall(_ start: Int) throws(SQLError) -> FunctionCall {
    var mode: ProcessingMode?
    if isProcessingMode(current) {
      mode = isAt(.final) ? .final : .running
      advance()
    }
    let name = try parseQualifiedName()
    var call = FunctionCall(name: name, arguments: [], processingMode: mode, range: name.range)
    try expect(.leftParenthesis)
    if isAtStar {
      if !isAt(.star) {
        call.starLabel = try parseIdentifier()
        advance()
      }
      advance()
      call.isStar = true
      try expect(.rightParenthesis)
    } else {
      try parseArguments(of: &call)
      call.orderBy = try parseOrderBy()
      try expect(.rightParenthesis)
    }
    call.filter = try parseFilter()
    if !call.isStar { call.nullTreatment = try parseNullTreatment() }
    if call.nullTreatment != nil || isAt(.over) {
      try expect(.over)
      call.over = try parseWindow()
    }
    call.range = range(from: start)
    return call
  }

  /// Whether `*` or `label.*` stands at the current token.
  private var isAtStar: Bool {
    isAt(.star)
      || isIdentifier(current, except: Self.notInExpressions) && peek().kind == .symbol(.point)
        && peek(2).kind == .symbol(.star)
  }

  /// Whether RUNNING or FINAL at the current token stands before the name of a function.
  func isProcessingMode(_ token: Token) -> Bool {
    guard token.kind == .keyword(.running) || token.kind == .keyword(.final) else { return false }
    guard isIdentifier(peek(), except: Self.notInExpressions), !isNamedOperator(at: 1) else {
      return false
    }
    var distance = 2
    while peek(distance).kind == .symbol(.point), isIdentifier(peek(distance + 1)) {
      distance += 2
    }
    return peek(distance).kind == .symbol(.leftParenthesis)
      && (distance > 2 || isIdentifier(peek(), except: Self.notFunctions))
  }

  private mutating func parseArguments(of call: inout FunctionCall) throws(SQLError) {
    if isAt(.rightParenthesis) || isAt(.order) {
      note(.symbol(.rightParenthesis))
      return
    }
    call.quantifier = parseSetQuantifier()
    let start = index
    call.arguments.append(try parseArgument())
    if isAt(.from), isSubstring(call, start) {
      try parseSubstringTail(of: &call)
      return
    }
    while accept(.comma) { call.arguments.append(try parseArgument()) }
  }

  /// Whether `SUBSTRING(value` has been read, so that FROM goes on with it.
  private func isSubstring(_ call: FunctionCall, _ argumentStart: Int) -> Bool {
    guard argumentStart >= 2, tokens[argumentStart - 2].kind == .keyword(.substring),
      call.quantifier == nil, call.name.parts.count == 1, call.arguments.count == 1,
      call.processingMode == nil
    else { return false }
    if case .lambda = call.arguments[0] { return false }
    return true
  }

  private mutating func parseSubstringTail(of call: inout FunctionCall) throws(SQLError) {
    try expect(.from)
    call.arguments.append(try parseEnclosedValue())
    if accept(.for) { call.arguments.append(try parseEnclosedValue()) }
    let place = call.name.range
    call.name = QualifiedName(parts: [Identifier(value: "substr", range: place)], range: place)
  }

  mutating func parseSetQuantifier() -> SetQuantifier? {
    switch accept(oneOf: .all, .distinct) {
    case .all: .all
    case .distinct: .distinct
    default: nil
    }
  }

  mutating func parseArgument() throws(SQLError) -> Expression {
    guard let parameterCount = lambdaParameterCount else { return try parseExpression() }
    let outer = try open()
    defer { close(outer) }
    let start = index
    var parameters: [Identifier] = []
    let isList = isAt(.leftParenthesis)
    if isList { advance() }
    for position in 0..<parameterCount {
      if position > 0 { try expect(.comma) }
      parameters.append(try parseIdentifier(except: Self.notInExpressions))
    }
    if isList { try expect(.rightParenthesis) }
    try expect(.lambdaArrow)
    let body = try parseArgument()
    return .lambda(
      LambdaExpression(parameters: parameters, body: body, range: range(from: start))
    )
  }

  /// How many parameters the lambda at the current token has; nil if there is no lambda.
  private var lambdaParameterCount: Int? {
    let arrow = TokenKind.symbol(.lambdaArrow)
    if isIdentifier(current, except: Self.notInExpressions) {
      return peek().kind == arrow ? 1 : nil
    }
    guard isAt(.leftParenthesis) else { return nil }
    if peek().kind == .symbol(.rightParenthesis) { return peek(2).kind == arrow ? 0 : nil }
    var distance = 1
    while isIdentifier(peek(distance), except: Self.notInExpressions) {
      switch peek(distance + 1).kind {
      case .symbol(.comma):
        distance += 2
      case .symbol(.rightParenthesis):
        return peek(distance + 2).kind == arrow ? (distance + 1) / 2 : nil
      default:
        return nil
      }
    }
    return nil
  }

  mutating func parseFilter() throws(SQLError) -> Expression? {
    guard isAt(.filter) else { return nil }
    advance()
    try expect(.leftParenthesis)
    try expect(.where)
    let condition = try parseExpression()
    try expect(.rightParenthesis)
    return condition
  }

  private mutating func parseNullTreatment() throws(SQLError) -> NullTreatment? {
    guard isAt(.ignore) || isAt(.respect) else { return nil }
    let treatment: NullTreatment = isAt(.ignore) ? .ignore : .respect
    advance()
    try expect(.nulls)
    return treatment
  }
}
