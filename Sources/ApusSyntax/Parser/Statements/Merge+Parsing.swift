import ApusValues

// Grammar/Statements/Delete.grammar, Update.grammar, Merge.grammar and Truncate.grammar.
extension Parser {
  mutating func parseDelete() throws(SQLError) -> DeleteStatement {
    let start = index
    try expect(.delete)
    try expect(.from)
    let table = try parseQualifiedName()
    let condition: Expression? = accept(.where) ? try parseExpression() : nil
    return DeleteStatement(table: table, where: condition, range: range(from: start))
  }

  mutating func parseUpdate() throws(SQLError) -> UpdateStatement {
    let start = index
    try expect(.update)
    let table = try parseQualifiedName()
    let assignments = try parseAssignments()
    let condition: Expression? = accept(.where) ? try parseExpression() : nil
    return UpdateStatement(
      table: table,
      assignments: assignments,
      where: condition,
      range: range(from: start)
    )
  }

  private mutating func parseAssignments() throws(SQLError) -> [Assignment] {
    try expect(.set)
    var assignments: [Assignment] = []
    repeat {
      let start = index
      let column = try parseIdentifier()
      try expect(.equal)
      let value = try parseExpression()
      assignments.append(Assignment(column: column, value: value, range: range(from: start)))
    } while accept(.comma)
    return assignments
  }

  mutating func parseTruncate() throws(SQLError) -> TruncateStatement {
    let start = index
    try expect(.truncate)
    try expect(.table)
    let table = try parseQualifiedName()
    return TruncateStatement(table: table, range: range(from: start))
  }

  mutating func parseMerge() throws(SQLError) -> MergeStatement {
    let start = index
    try expect(.merge)
    try expect(.into)
    let table = try parseQualifiedName()
    note(.keyword(.as))
    let alias = try parseAlias()
    try expect(.using)
    let source = try parseRelation()
    try expect(.on)
    let condition = try parseExpression()
    var branches: [MergeBranch] = []
    repeat { branches.append(try parseMergeBranch()) } while isAt(.when)
    note(.keyword(.when))
    return MergeStatement(
      table: table,
      alias: alias,
      source: source,
      condition: condition,
      branches: branches,
      range: range(from: start)
    )
  }

  private mutating func parseMergeBranch() throws(SQLError) -> MergeBranch {
    let start = index
    try expect(.when)
    let isMatched = !accept(.not)
    try expect(.matched)
    let condition: Expression? = accept(.and) ? try parseExpression() : nil
    try expect(.then)
    let action = isMatched ? try parseMergeChange() : try parseMergeInsert()
    return MergeBranch(
      isMatched: isMatched,
      condition: condition,
      action: action,
      range: range(from: start)
    )
  }

  private mutating func parseMergeChange() throws(SQLError) -> MergeAction {
    try expect(oneOf: .update, .delete) == .update ? .update(try parseAssignments()) : .delete
  }

  private mutating func parseMergeInsert() throws(SQLError) -> MergeAction {
    try expect(.insert)
    note(.symbol(.leftParenthesis))
    let columns = isAt(.leftParenthesis) ? try parseIdentifierList() : []
    try expect(.values)
    try expect(.leftParenthesis)
    var values = [try parseExpression()]
    while accept(.comma) { values.append(try parseExpression()) }
    try expect(.rightParenthesis)
    return .insert(columns: columns, values: values)
  }
}
