import ApusValues

// Grammar/Statements/CreateTableLike.grammar; CREATE TABLE and the name have been read.
extension Parser {
  /// Reads what follows LIKE in Hive's form.
  mutating func parseTableLike(_ name: QualifiedName, _ start: Int) throws(SQLError)
    -> CreateTableLikeStatement
  {
    let model = try parseQualifiedName()
    let location = try acceptText(after: .location)
    let properties = accept(.tblproperties) ? try parseTextProperties() : []
    return CreateTableLikeStatement(
      name: name,
      model: .table(model, location: location, properties: properties),
      range: range(from: start)
    )
  }

  /// Reads what follows the elements in Trino's form.
  mutating func parseTableLike(
    _ name: QualifiedName,
    _ elements: [TableElement],
    _ start: Int
  ) throws(SQLError) -> CreateTableLikeStatement {
    let comment = try acceptText(after: .comment)
    let properties = try parseTableProperties()
    return CreateTableLikeStatement(
      name: name,
      model: .elements(elements, comment: comment, properties: properties),
      range: range(from: start)
    )
  }

  /// Reads the columns of a table, in parentheses.
  mutating func parseTableElements(withLike: Bool) throws(SQLError) -> [TableElement] {
    try expect(.leftParenthesis)
    var elements: [TableElement] = []
    repeat {
      if withLike { note(.keyword(.like)) }
      if withLike, isAt(.like) {
        elements.append(.like(try parseLikeClause()))
      } else {
        elements.append(.column(try parseColumnDeclaration()))
      }
    } while accept(.comma)
    try expect(.rightParenthesis)
    return elements
  }

  private mutating func parseLikeClause() throws(SQLError) -> LikeClause {
    let start = index
    try expect(.like)
    let table = try parseQualifiedName()
    let word = accept(oneOf: .including, .excluding)
    if word != nil { try expect(.properties) }
    return LikeClause(
      table: table,
      includesProperties: word == .including,
      range: range(from: start)
    )
  }
}
