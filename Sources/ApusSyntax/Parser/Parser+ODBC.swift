import ApusValues

// Escapes of ODBC, `{fn …}` and its like, which drivers leave to the database.
extension Parser {
  /// Takes `{` and the word that says what the escape is, if it is one of `words`.
  private mutating func openEscape(_ words: [String]) throws(SQLError) -> String {
    try expect(.leftBrace)
    let word = current.kind == .word ? text(of: current).lowercased() : ""
    guard words.contains(word) else { throw unexpected() }
    advance()
    return word
  }

  /// Reads an escape that is a value.
  mutating func parseODBCEscape() throws(SQLError) -> Expression {
    let start = index
    let word = try openEscape(["fn", "d", "t", "ts"])
    if word == "fn" {
      let call = try parseODBCCall()
      try expect(.rightBrace)
      return call
    }
    let text = try parseText()
    try expect(.rightBrace)
    let name = word == "d" ? "date" : word == "t" ? "time" : "timestamp"
    let place = range(from: start)
    return .typed(
      TypedLiteral(type: TypeName(name: name, range: place), text: text.value, range: place)
    )
  }

  /// Reads `{oj a LEFT JOIN b ON …}`, which is the join.
  mutating func parseODBCJoin() throws(SQLError) -> Relation {
    _ = try openEscape(["oj"])
    let relation = try parseRelation()
    try expect(.rightBrace)
    return relation
  }

  private mutating func parseODBCCall() throws(SQLError) -> Expression {
    let outer = try open()
    defer { close(outer) }
    if isAt(.left) || isAt(.right), isReservedCall { return .call(try parseReservedCall()) }
    if case .keyword(let keyword) = current.kind, let call = try parseSpecialCall(keyword) {
      return call
    }
    guard isIdentifier(current, except: Self.notFunctions) else {
      note(.rule(.identifier))
      throw unexpected()
    }
    let call = try parseFunctionCall(index)
    return translated(call) ?? .call(call)
  }

  /// Names of functions that mean the same under another name.
  private static let functionNames: [String: String] = [
    "ucase": "upper", "lcase": "lower", "ifnull": "coalesce", "dayofmonth": "day",
    "dayofyear": "day_of_year", "char": "chr", "log": "ln", "rand": "random",
    "char_length": "length", "character_length": "length", "substring": "substr",
  ]

  /// Names of the fields of TIMESTAMPADD and TIMESTAMPDIFF after `SQL_TSI_`.
  private static let timeFields: Set<String> = [
    "second", "minute", "hour", "day", "week", "month", "quarter", "year",
  ]

  /// Names of types after `SQL_`.
  private static let typeNames: [String: String] = [
    "bigint": "bigint", "bit": "boolean", "char": "char", "date": "date", "type_date": "date",
    "decimal": "decimal", "double": "double", "float": "double", "integer": "integer",
    "numeric": "decimal", "real": "real", "smallint": "smallint", "time": "time",
    "type_time": "time", "timestamp": "timestamp", "type_timestamp": "timestamp",
    "tinyint": "tinyint", "varbinary": "varbinary", "binary": "varbinary",
    "longvarbinary": "varbinary", "varchar": "varchar", "wvarchar": "varchar",
    "longvarchar": "varchar", "wlongvarchar": "varchar", "wchar": "char", "guid": "uuid",
  ]

  /// Returns what a function of ODBC is in Trino's dialect; nil where it is the same.
  private func translated(_ call: FunctionCall) -> Expression? {
    let arguments = call.arguments
    guard call.isPlain, let name = call.name.last?.value else { return nil }
    switch (name, arguments.count) {
    case ("locate", 2):
      return builtCall("strpos", [arguments[1], arguments[0]], at: call.range)
    case ("curdate", 0):
      return .currentTime(CurrentTimeExpression(function: .currentDate, range: call.range))
    case ("curtime", 0):
      return .currentTime(CurrentTimeExpression(function: .localTime, range: call.range))
    case ("user", 0):
      return .currentName(CurrentNameExpression(function: .currentUser, range: call.range))
    case ("database", 0):
      return .currentName(CurrentNameExpression(function: .currentCatalog, range: call.range))
    case ("dayname", 1), ("monthname", 1):
      let format = StringLiteral(value: name == "dayname" ? "%W" : "%M", range: call.range)
      return builtCall("date_format", [arguments[0], .string(format)], at: call.range)
    case ("timestampadd", 3), ("timestampdiff", 3):
      guard let field = constant(arguments[0], after: "sql_tsi_"),
        Self.timeFields.contains(field)
      else { return nil }
      let unit = StringLiteral(value: field, range: arguments[0].range)
      return builtCall(
        name == "timestampadd" ? "date_add" : "date_diff",
        [.string(unit), arguments[1], arguments[2]],
        at: call.range
      )
    case ("convert", 2):
      guard let word = constant(arguments[1], after: "sql_"), let name = Self.typeNames[word]
      else { return nil }
      let type = TypeName(name: name, range: arguments[1].range).withPrecisionOfPostgres
      return .cast(CastExpression(value: arguments[0], type: type, range: call.range))
    default:
      guard let name = Self.functionNames[name] else { return nil }
      return builtCall(name, arguments, at: call.range)
    }
  }

  /// The rest of a constant's name such as `SQL_VARCHAR`.
  private func constant(_ expression: Expression, after prefix: String) -> String? {
    guard case .identifier(let name) = expression, !name.isQuoted, name.value.hasPrefix(prefix)
    else { return nil }
    return String(name.value.dropFirst(prefix.count))
  }
}

extension FunctionCall {
  /// Whether there are arguments and nothing else.
  fileprivate var isPlain: Bool {
    name.parts.count == 1 && name.last?.isQuoted == false && quantifier == nil && !isStar
      && orderBy.isEmpty && filter == nil && over == nil && processingMode == nil
  }
}
