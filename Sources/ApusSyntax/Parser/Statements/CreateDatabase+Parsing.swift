import ApusValues

// Grammar/Statements/CreateDatabase.grammar.
extension Parser {
  mutating func parseCreateDatabase() throws(SQLError) -> CreateDatabaseStatement {
    let start = index
    try expect(.create)
    _ = try expect(oneOf: .database, .schema)
    let ifNotExists = try acceptIfNotExists()
    let name = try parseQualifiedName()
    let comment = try acceptText(after: .comment)
    let location = try acceptText(after: .location)
    var properties: [TextProperty] = []
    if accept(.with) {
      try expect(.dbproperties)
      properties = try parseTextProperties()
    }
    return CreateDatabaseStatement(
      ifNotExists: ifNotExists,
      name: name,
      comment: comment,
      location: location,
      properties: properties,
      range: range(from: start)
    )
  }

  /// Takes IF NOT EXISTS; IF alone may be the name.
  mutating func acceptIfNotExists() throws(SQLError) -> Bool {
    note(.keyword(.if))
    guard isAt(.if), peek().kind == .keyword(.not) else { return false }
    advance()
    advance()
    try expect(.exists)
    return true
  }

  /// Takes IF EXISTS; IF alone may be the name.
  mutating func acceptIfExists() -> Bool {
    note(.keyword(.if))
    guard isAt(.if), peek().kind == .keyword(.exists) else { return false }
    advance()
    advance()
    return true
  }
}

// Texts of Hive's statements.
extension Parser {
  var isAtDDLText: Bool {
    isAtText
      || dialect == .trino && current.kind == .quotedName
        && bytes[current.range.start] == ASCII.doubleQuote
  }

  mutating func parseDDLText() throws(SQLError) -> StringLiteral {
    let token = current
    guard isAtDDLText, token.kind == .quotedName else { return try parseText() }
    advance()
    return StringLiteral(value: content(of: token), range: token.range)
  }

  /// Reads the text of a clause such as COMMENT; nil if the clause is not there.
  mutating func acceptText(after keyword: Keyword) throws(SQLError) -> StringLiteral? {
    accept(keyword) ? try parseDDLText() : nil
  }

  mutating func parseTextProperties() throws(SQLError) -> [TextProperty] {
    try expect(.leftParenthesis)
    var properties: [TextProperty] = []
    repeat {
      let start = index
      let key = try parseDDLText()
      try expect(.equal)
      let value = try parseDDLText()
      properties.append(TextProperty(key: key, value: value, range: range(from: start)))
    } while accept(.comma)
    try expect(.rightParenthesis)
    return properties
  }
}
