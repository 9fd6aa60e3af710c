import ApusValues

// Grammar/Statements/Show.grammar.
extension Parser {
  mutating func parseShow() throws(SQLError) -> ShowStatement {
    let start = index
    try expect(.show)
    let word = try expect(
      oneOf: .databases,
      .schemas,
      .tables,
      .views,
      .columns,
      .functions,
      .catalogs,
      .session,
      .partitions,
      .tblproperties,
      .stats,
      .create,
      .grants,
      .role,
      .roles,
      .current
    )
    let subject = try parseShowSubject(word)
    var pattern: StringLiteral?
    switch subject {
    case .databases, .tables, .views:
      let isLike = accept(.like)
      note(.rule(.text))
      if isLike || isAtText { pattern = try parseText() }
    case .functions, .catalogs, .session, .columns:
      if accept(.like) { pattern = try parseText() }
    case .partitions, .tableProperties, .statistics, .queryStatistics, .createTable, .createView,
      .createMaterializedView, .createDatabase, .grants, .roles, .roleGrants:
      break
    }
    return ShowStatement(subject: subject, pattern: pattern, range: range(from: start))
  }

  private mutating func parseShowSubject(_ word: Keyword) throws(SQLError) -> ShowSubject {
    switch word {
    case .databases, .schemas:
      return .databases(in: acceptFromOrIn() ? try parseIdentifier() : nil)
    case .tables:
      return .tables(in: acceptFromOrIn() ? try parseQualifiedName() : nil)
    case .views:
      return .views(in: acceptFromOrIn() ? try parseQualifiedName() : nil)
    case .columns:
      guard acceptFromOrIn() else { throw unexpected() }
      let table = try parseTableName()
      return .columns(of: table, in: acceptFromOrIn() ? try parseIdentifier() : nil)
    case .functions:
      return .functions
    case .catalogs:
      return .catalogs
    case .session:
      return .session
    case .partitions:
      let table = try parseQualifiedName()
      note(.keyword(.partition))
      return .partitions(of: table, with: isAt(.partition) ? try parsePartition() : nil)
    case .stats:
      try expect(.for)
      if accept(.leftParenthesis) {
        let query = try parseQuery()
        try expect(.rightParenthesis)
        return .queryStatistics(query)
      }
      return .statistics(of: try parseTableName())
    case .tblproperties:
      return try parseShowProperties()
    case .grants:
      guard accept(.on) else { return .grants(on: nil) }
      _ = accept(.table)
      return .grants(on: try parseQualifiedName())
    case .role:
      try expect(.grants)
      return .roleGrants(in: acceptFromOrIn() ? try parseIdentifier() : nil)
    case .roles, .current:
      let isCurrent = word == .current
      if isCurrent { try expect(.roles) }
      return .roles(isCurrent: isCurrent, in: acceptFromOrIn() ? try parseIdentifier() : nil)
    default:
      return try parseShowCreate()
    }
  }

  private mutating func parseShowCreate() throws(SQLError) -> ShowSubject {
    switch try expect(oneOf: .table, .view, .materialized, .schema, .database) {
    case .table:
      return .createTable(try parseQualifiedName())
    case .view:
      return .createView(try parseQualifiedName())
    case .materialized:
      try expect(.view)
      return .createMaterializedView(try parseQualifiedName())
    default:
      return .createDatabase(try parseQualifiedName())
    }
  }

  private mutating func parseShowProperties() throws(SQLError) -> ShowSubject {
    let table = try parseQualifiedName()
    guard accept(.leftParenthesis) else { return .tableProperties(of: table, key: nil) }
    let key = try parseDDLText()
    try expect(.rightParenthesis)
    return .tableProperties(of: table, key: key)
  }

  private mutating func acceptFromOrIn() -> Bool { accept(oneOf: .from, .in) != nil }
}
