import ApusValues

// Grammar/Expressions.grammar: specialCall, the calls with words inside.
extension Parser {
  /// Reads the special call that begins with `keyword`; nil if none does.
  mutating func parseSpecialCall(_ keyword: Keyword) throws(SQLError) -> Expression? {
    let isCall = peek().kind == .symbol(.leftParenthesis)
    switch keyword {
    case .extract: return try parseExtract()
    case .trim: return try parseTrim()
    case .normalize: return try parseNormalize()
    case .listagg: return try parseListagg()
    case .grouping: return try parseGrouping()
    case .position: return isCall ? try parsePosition() : nil
    case .overlay: return isCall ? try parseOverlay() : nil
    case .currentDate: return takeCurrentDate()
    case .currentTime: return try parseCurrentTime(.currentTime)
    case .currentTimestamp: return try parseCurrentTime(.currentTimestamp)
    case .localtime: return try parseCurrentTime(.localTime)
    case .localtimestamp: return try parseCurrentTime(.localTimestamp)
    case .currentUser: return takeCurrentName(.currentUser)
    case .currentCatalog: return takeCurrentName(.currentCatalog)
    case .currentSchema: return takeCurrentName(.currentSchema)
    case .currentPath: return takeCurrentName(.currentPath)
    case .jsonArray, .jsonExists, .jsonObject, .jsonQuery, .jsonValue:
      return isCall ? try parseJSONCall(keyword) : nil
    default: return nil
    }
  }

  /// Builds the call of a function that was not written by its name.
  private func call(_ name: String, _ arguments: [Expression], _ start: Int) -> FunctionCall {
    let place = tokens[start].range
    let identifier = Identifier(value: name, range: place)
    return FunctionCall(
      name: QualifiedName(parts: [identifier], range: place),
      arguments: arguments,
      range: range(from: start)
    )
  }

  private mutating func parseExtract() throws(SQLError) -> Expression {
    let start = index
    advance()
    try expect(.leftParenthesis)
    guard case .keyword(let keyword) = current.kind, let field = ExtractField(keyword: keyword)
    else {
      guard isIdentifier(current) else {
        note(.rule(.identifier))
        throw unexpected()
      }
      throw SQLError(
        .syntaxError,
        "invalid EXTRACT field: \(text(of: current))",
        at: current.range,
        hint: "The fields are YEAR, QUARTER, MONTH, WEEK, DAY, DAY_OF_WEEK, DAY_OF_YEAR, "
          + "YEAR_OF_WEEK, HOUR, MINUTE, SECOND, TIMEZONE_HOUR and TIMEZONE_MINUTE."
      )
    }
    advance()
    try expect(.from)
    let source = try parseEnclosedValue()
    try expect(.rightParenthesis)
    return .extract(ExtractExpression(field: field, source: source, range: range(from: start)))
  }

  private mutating func parseTrim() throws(SQLError) -> Expression {
    let start = index
    advance()
    try expect(.leftParenthesis)
    let side = accept(oneOf: .leading, .trailing, .both)
    var first: Expression?
    note(.keyword(.from))
    if !isAt(.from) { first = try parseEnclosedValue() }
    var arguments: [Expression] = []
    if side == nil, let first, !isAt(.from) {
      arguments = [first]
      note(.keyword(.from))
      if accept(.comma) { arguments.append(try parseEnclosedValue()) }
    } else {
      try expect(.from)
      arguments = [try parseEnclosedValue()]
      if let first { arguments.append(first) }
    }
    try expect(.rightParenthesis)
    let name = side == .leading ? "ltrim" : side == .trailing ? "rtrim" : "trim"
    return .call(call(name, arguments, start))
  }

  private mutating func parseNormalize() throws(SQLError) -> Expression {
    let start = index
    advance()
    try expect(.leftParenthesis)
    let value = try parseEnclosedValue()
    var form = StringLiteral(value: "NFC", range: range(from: start))
    if accept(.comma) {
      let place = current.range
      let keyword = try expect(oneOf: .nfc, .nfd, .nfkc, .nfkd)
      form = StringLiteral(value: keyword.rawValue, range: place)
    }
    try expect(.rightParenthesis)
    return .call(call("normalize", [value, .string(form)], start))
  }

  private mutating func parsePosition() throws(SQLError) -> Expression {
    let start = index
    advance()
    try expect(.leftParenthesis)
    let part = try parseEnclosedValue()
    try expect(.in)
    let whole = try parseEnclosedValue()
    try expect(.rightParenthesis)
    return .call(call("strpos", [whole, part], start))
  }

  private mutating func parseOverlay() throws(SQLError) -> Expression {
    let start = index
    advance()
    try expect(.leftParenthesis)
    var arguments = [try parseEnclosedValue()]
    try expect(.placing)
    arguments.append(try parseEnclosedValue())
    try expect(.from)
    arguments.append(try parseEnclosedValue())
    if accept(.for) { arguments.append(try parseEnclosedValue()) }
    try expect(.rightParenthesis)
    return .call(call("overlay", arguments, start))
  }

  private mutating func parseListagg() throws(SQLError) -> Expression {
    let start = index
    advance()
    try expect(.leftParenthesis)
    let quantifier = parseSetQuantifier()
    let value = try parseExpression()
    let place = range(from: start)
    var separator = StringLiteral(value: "", range: place)
    if accept(.comma) { separator = try parseText() }
    var isError = true
    var filler = StringLiteral(value: "...", range: place)
    var countsRest = false
    if accept(.on) {
      try expect(.overflow)
      isError = try expect(oneOf: .error, .truncate) == .error
      if !isError {
        if isAtText { filler = try parseText() }
        note(.rule(.text))
        countsRest = try expect(oneOf: .with, .without) == .with
        try expect(.count)
      }
    }
    try expect(.rightParenthesis)
    try expect(.within)
    try expect(.group)
    try expect(.leftParenthesis)
    note(.keyword(.order))
    guard isAt(.order) else { throw unexpected() }
    let orderBy = try parseOrderBy()
    try expect(.rightParenthesis)
    let arguments: [Expression] = [
      value,
      .string(separator),
      .boolean(BooleanLiteral(value: isError, range: place)),
      .string(filler),
      .boolean(BooleanLiteral(value: countsRest, range: place)),
    ]
    let filter = try parseFilter()
    var result = call("listagg", arguments, start)
    result.quantifier = quantifier
    result.orderBy = orderBy
    result.filter = filter
    return .call(result)
  }

  private mutating func parseGrouping() throws(SQLError) -> Expression {
    let start = index
    advance()
    try expect(.leftParenthesis)
    var columns: [Expression] = []
    if !accept(.rightParenthesis) {
      repeat { columns.append(try parseGroupingColumn()) } while accept(.comma)
      try expect(.rightParenthesis)
    }
    return .grouping(GroupingExpression(columns: columns, range: range(from: start)))
  }

  private mutating func parseGroupingColumn() throws(SQLError) -> Expression {
    let start = index
    var column = Expression.identifier(try parseIdentifier(except: Self.notInExpressions))
    while accept(.point) {
      let field = try parseIdentifier()
      try grow()
      column = .dereference(
        DereferenceExpression(base: column, field: field, range: range(from: start))
      )
    }
    return column
  }

  private mutating func takeCurrentDate() -> Expression {
    let place = current.range
    advance()
    return .currentTime(CurrentTimeExpression(function: .currentDate, range: place))
  }

  private mutating func parseCurrentTime(
    _ function: CurrentTimeFunction
  ) throws(SQLError) -> Expression {
    let start = index
    advance()
    var precision: Int?
    if accept(.leftParenthesis) {
      precision = try parseNumber()
      try expect(.rightParenthesis)
    }
    return .currentTime(
      CurrentTimeExpression(function: function, precision: precision, range: range(from: start))
    )
  }

  private mutating func takeCurrentName(_ function: CurrentNameFunction) -> Expression {
    let place = current.range
    advance()
    return .currentName(CurrentNameExpression(function: function, range: place))
  }
}

extension ExtractField {
  init?(keyword: Keyword) {
    switch keyword {
    case .year: self = .year
    case .quarter: self = .quarter
    case .month: self = .month
    case .week: self = .week
    case .day, .dayOfMonth: self = .day
    case .dayOfWeek, .dow: self = .dayOfWeek
    case .dayOfYear, .doy: self = .dayOfYear
    case .yearOfWeek, .yow: self = .yearOfWeek
    case .hour: self = .hour
    case .minute: self = .minute
    case .second: self = .second
    case .timezoneHour: self = .timeZoneHour
    case .timezoneMinute: self = .timeZoneMinute
    default: return nil
    }
  }
}
