import ApusValues

// Grammar/Statements/MaterializedView.grammar.
extension Parser {
  /// Whether MATERIALIZED follows CREATE, perhaps after OR REPLACE.
  var createsMaterializedView: Bool {
    peek(peek().kind == .keyword(.or) ? 3 : 1).kind == .keyword(.materialized)
  }

  mutating func parseCreateMaterializedView()
    throws(SQLError) -> CreateMaterializedViewStatement
  {
    let start = index
    try expect(.create)
    let orReplace = accept(.or)
    if orReplace { try expect(.replace) }
    try expect(.materialized)
    try expect(.view)
    let ifNotExists = try acceptIfNotExists()
    let name = try parseQualifiedName()
    var gracePeriod: IntervalLiteral?
    if accept(.grace) {
      try expect(.period)
      gracePeriod = try parseIntervalLiteral()
    }
    let comment: StringLiteral? = accept(.comment) ? try parseText() : nil
    let properties = try parseTableProperties()
    try expect(.as)
    let query = try parseQuery()
    return CreateMaterializedViewStatement(
      orReplace: orReplace,
      ifNotExists: ifNotExists,
      name: name,
      gracePeriod: gracePeriod,
      comment: comment,
      properties: properties,
      query: query,
      range: range(from: start)
    )
  }

  mutating func parseRefreshMaterializedView()
    throws(SQLError) -> RefreshMaterializedViewStatement
  {
    let start = index
    try expect(.refresh)
    try expect(.materialized)
    try expect(.view)
    let name = try parseQualifiedName()
    return RefreshMaterializedViewStatement(name: name, range: range(from: start))
  }

  mutating func parseDropMaterializedView() throws(SQLError) -> DropMaterializedViewStatement {
    let start = index
    try expect(.drop)
    try expect(.materialized)
    try expect(.view)
    let ifExists = acceptIfExists()
    let name = try parseQualifiedName()
    return DropMaterializedViewStatement(
      ifExists: ifExists,
      name: name,
      range: range(from: start)
    )
  }
}
