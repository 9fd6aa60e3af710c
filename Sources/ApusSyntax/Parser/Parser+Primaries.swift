import ApusValues

// Grammar/Expressions.grammar: primaryBase.
extension Parser {
  mutating func parsePrimaryBase() throws(SQLError) -> Expression {
    let token = current
    switch token.kind {
    case .integer:
      advance()
      return .integer(IntegerLiteral(text: text(of: token), range: token.range))
    case .decimal:
      advance()
      return .decimal(DecimalLiteral(text: text(of: token), range: token.range))
    case .double:
      advance()
      return .double(DoubleLiteral(text: text(of: token), range: token.range))
    case .string, .unicodeString, .escapedString:
      return .string(try parseText())
    case .binaryString:
      return .binary(try parseBinaryLiteral())
    case .symbol(.question):
      return takeParameter()
    case .numberedParameter:
      return takeNumberedParameter()
    case .symbol(.leftBrace) where dialect == .postgres:
      return try parseODBCEscape()
    case .symbol(.leftParenthesis):
      return try parseParentheses()
    case .keyword(let keyword):
      return try parseKeywordPrimary(keyword)
    case .word, .quotedName:
      return try parseNamed()
    case .symbol, .end, .invalid:
      note(.rule(.expression))
      throw unexpected()
    }
  }

  private mutating func parseKeywordPrimary(_ keyword: Keyword) throws(SQLError) -> Expression {
    let token = current
    switch keyword {
    case .null:
      advance()
      return .null(NullLiteral(range: token.range))
    case .true, .false:
      advance()
      return .boolean(BooleanLiteral(value: keyword == .true, range: token.range))
    case .case:
      return try parseCase()
    case .cast:
      return try parseCast(isTry: false)
    case .tryCast where peek().kind == .symbol(.leftParenthesis):
      return try parseCast(isTry: true)
    case .exists:
      let start = index
      advance()
      let query = try parseSubquery()
      return .exists(ExistsExpression(query: query, range: range(from: start)))
    case .array where peek().kind == .symbol(.leftBracket):
      return try parseArray()
    case .row where peek().kind == .symbol(.leftParenthesis):
      return try parseRow()
    case .interval where startsIntervalOfPostgres:
      return .interval(try parseIntervalOfPostgres())
    case .interval where startsIntervalLiteral:
      return .interval(try parseIntervalLiteral())
    case .left where isReservedCall, .right where isReservedCall:
      return .call(try parseReservedCall())
    default:
      if let call = try parseSpecialCall(keyword) { return call }
      guard isIdentifier(token, except: Self.notInExpressions) else {
        note(.rule(.expression))
        throw unexpected()
      }
      return try parseNamed()
    }
  }

  /// Says what begins with the name at the current token.
  private enum NamedForm {
    case typedLiteral
    case call
    case notCallable
    case name
  }

  /// Reads what begins with a name: a call, a typed literal, or the name itself.
  private mutating func parseNamed() throws(SQLError) -> Expression {
    // The look ahead is apart so that it takes no stack while what follows is read.
    switch namedForm() {
    case .typedLiteral:
      return try parseTypedLiteral()
    case .call:
      return .call(try parseFunctionCall(index))
    case .notCallable:
      advance()
      throw unexpected()
    case .name:
      return try parseNameOrMeasure()
    }
  }

  /// Reads a name, or `name OVER w`.
  private mutating func parseNameOrMeasure() throws(SQLError) -> Expression {
    let start = index
    let canBeMeasure = isIdentifier(current, except: Self.notMeasures)
    let name = try parseIdentifier()
    if canBeMeasure { note(.keyword(.over)) }
    guard canBeMeasure, isAt(.over),
      peek().kind == .symbol(.leftParenthesis) || isIdentifier(peek())
    else {
      return .identifier(name)
    }
    advance()
    let over = try parseWindow()
    try grow()
    return .windowMeasure(WindowMeasure(name: name, over: over, range: range(from: start)))
  }

  private func namedForm() -> NamedForm {
    if isDoublePrecision, isText(peek(2)) { return .typedLiteral }
    if isText(peek()), isIdentifier(current, except: Self.notTypesOfLiterals) {
      return .typedLiteral
    }
    var distance = 1
    while peek(distance).kind == .symbol(.point), isIdentifier(peek(distance + 1)) {
      distance += 2
    }
    guard peek(distance).kind == .symbol(.leftParenthesis) else {
      return isProcessingMode(current) ? .call : .name
    }
    let isCallable = distance > 1 || isIdentifier(current, except: Self.notFunctions)
    return isCallable ? .call : .notCallable
  }

  private var isDoublePrecision: Bool {
    current.kind == .keyword(.double) && peek().kind == .keyword(.precision)
  }

  private mutating func parseTypedLiteral() throws(SQLError) -> Expression {
    let start = index
    var type: TypeName
    if isDoublePrecision {
      type = try parseTypeName()
    } else {
      let name = try parseIdentifier()
      type = TypeName(name: name.value, range: name.range)
    }
    let text = try parseText()
    if dialect == .postgres {
      type = type.renamedFromPostgres
      // A time with a zone is a literal only in PostgreSQL.
      if type.name.hasSuffix("with time zone") {
        return .cast(
          CastExpression(
            value: .string(text),
            type: type.withPrecisionOfPostgres,
            range: range(from: start)
          )
        )
      }
    }
    return .typed(TypedLiteral(type: type, text: text.value, range: range(from: start)))
  }

  /// Whether INTERVAL at the current token is no name: a text follows, perhaps after a sign.
  private var startsIntervalLiteral: Bool {
    if isText(peek()) { return true }
    let next = peek().kind
    guard next == .symbol(.minus) || next == .symbol(.plus), isText(peek(2)) else { return false }
    let hasEscape = peek(2).kind == .unicodeString && peek(3).kind == .keyword(.uescape)
    guard case .keyword(let keyword) = peek(hasEscape ? 5 : 3).kind else { return false }
    return IntervalField(keyword: keyword) != nil
  }

  mutating func parseIntervalLiteral() throws(SQLError) -> IntervalLiteral {
    let start = index
    try expect(.interval)
    let sign = sign
    if sign != nil { advance() }
    let value = try parseText().value
    let from = try parseIntervalField()
    var to: IntervalField?
    if isAt(.to), case .keyword(let keyword) = peek().kind, IntervalField(keyword: keyword) != nil {
      advance()
      to = try parseIntervalField()
    }
    return IntervalLiteral(
      isNegative: sign == .minus,
      text: value,
      from: from,
      to: to,
      range: range(from: start)
    )
  }

  private mutating func parseCase() throws(SQLError) -> Expression {
    let start = index
    advance()
    var operand: Expression?
    note(.keyword(.when))
    if !isAt(.when) { operand = try parseExpression() }
    var branches: [WhenBranch] = []
    repeat {
      let branchStart = index
      try expect(.when)
      let condition = try parseExpression()
      try expect(.then)
      let result = try parseExpression()
      let place = range(from: branchStart)
      branches.append(WhenBranch(condition: condition, result: result, range: place))
    } while isAt(.when)
    let otherwise: Expression? = accept(.else) ? try parseExpression() : nil
    note(.keyword(.when))
    try expect(.end)
    let place = range(from: start)
    guard let operand else {
      return .searchedCase(
        SearchedCaseExpression(branches: branches, otherwise: otherwise, range: place)
      )
    }
    return .simpleCase(
      SimpleCaseExpression(
        operand: operand,
        branches: branches,
        otherwise: otherwise,
        range: place
      )
    )
  }

  private mutating func parseCast(isTry: Bool) throws(SQLError) -> Expression {
    let start = index
    advance()
    try expect(.leftParenthesis)
    let value = try parseExpression()
    try expect(.as)
    let type = try parseTypeName()
    try expect(.rightParenthesis)
    if dialect == .postgres, !isTry {
      return try castOfPostgres(value, to: type, range(from: start))
    }
    return .cast(
      CastExpression(value: value, type: type, isTry: isTry, range: range(from: start))
    )
  }

  private mutating func parseArray() throws(SQLError) -> Expression {
    let start = index
    advance()
    try expect(.leftBracket)
    var elements: [Expression] = []
    if !accept(.rightBracket) {
      elements.append(try parseExpression())
      while accept(.comma) { elements.append(try parseExpression()) }
      try expect(.rightBracket)
    }
    return .array(ArrayExpression(elements: elements, range: range(from: start)))
  }

  private mutating func parseRow() throws(SQLError) -> Expression {
    let start = index
    advance()
    try expect(.leftParenthesis)
    var elements = [try parseExpression()]
    while accept(.comma) { elements.append(try parseExpression()) }
    try expect(.rightParenthesis)
    return .row(RowExpression(elements: elements, range: range(from: start)))
  }
}
