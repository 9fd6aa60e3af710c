import ApusValues

// Grammar/Statements/Unload.grammar, Optimize.grammar, Vacuum.grammar, Call.grammar and
// Comment.grammar.
extension Parser {
  mutating func parseUnload() throws(SQLError) -> UnloadStatement {
    let start = index
    try expect(.unload)
    let query = try parseSubquery()
    try expect(.to)
    let location = try parseText()
    let properties = try parseTableProperties()
    return UnloadStatement(
      query: query,
      location: location,
      properties: properties,
      range: range(from: start)
    )
  }

  mutating func parseOptimize() throws(SQLError) -> OptimizeStatement {
    let start = index
    try expect(.optimize)
    let table = try parseQualifiedName()
    for word: Keyword in [.rewrite, .data, .using, .binPack] { try expect(word) }
    let condition: Expression? = accept(.where) ? try parseExpression() : nil
    return OptimizeStatement(table: table, where: condition, range: range(from: start))
  }

  mutating func parseVacuum() throws(SQLError) -> VacuumStatement {
    let start = index
    try expect(.vacuum)
    let table = try parseQualifiedName()
    return VacuumStatement(table: table, range: range(from: start))
  }

  mutating func parseCallStatement() throws(SQLError) -> CallStatement {
    let start = index
    try expect(.call)
    let name = try parseQualifiedName()
    try expect(.leftParenthesis)
    var arguments: [CallArgument] = []
    if !accept(.rightParenthesis) {
      repeat { arguments.append(try parseCallArgument()) } while accept(.comma)
      try expect(.rightParenthesis)
    }
    return CallStatement(name: name, arguments: arguments, range: range(from: start))
  }

  private mutating func parseCallArgument() throws(SQLError) -> CallArgument {
    let start = index
    let name = try parseArgumentName()
    let value = try parseExpression()
    return CallArgument(name: name, value: value, range: range(from: start))
  }

  mutating func parseComment() throws(SQLError) -> CommentStatement {
    let start = index
    try expect(.comment)
    try expect(.on)
    let subject: CommentSubject
    switch try expect(oneOf: .table, .view, .column) {
    case .table: subject = .table
    case .view: subject = .view
    default: subject = .column
    }
    let name = try parseQualifiedName()
    try expect(.is)
    let comment: StringLiteral? = accept(.null) ? nil : try parseText()
    return CommentStatement(
      subject: subject,
      name: name,
      comment: comment,
      range: range(from: start)
    )
  }
}
