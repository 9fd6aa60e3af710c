import ApusCatalog
import ApusPlanner
import ApusSyntax
import ApusValues

extension StatementExecution {
  /// Runs CREATE [OR REPLACE] VIEW: checks the query and keeps its text in the catalog.
  func run(_ node: CreateViewStatement) throws(SQLError) -> QueryResult {
    let view = try checkedView(node)
    guard try engine.catalog.create(view, replacing: node.orReplace) else {
      throw try taken(view.name, at: node.name.range, replacing: node.orReplace)
    }
    return try done(.createView)
  }

  /// Checks a view as CREATE VIEW does, without making it.
  ///
  /// - Throws: TABLE_ALREADY_EXISTS, VIEW_IS_RECURSIVE, MISSING_COLUMN_NAME, DUPLICATE_COLUMN_NAME,
  ///   and what binding the query throws.
  func checkedView(_ node: CreateViewStatement) throws(SQLError) -> ViewDefinition {
    if let comment = node.comment {
      throw .notSupported("COMMENT of a view", at: comment.range)
    }
    if node.security != nil { throw .notSupported("SECURITY of a view", at: node.range) }
    if parameterCount(of: text(of: node.query.range), dialect: session.dialect) > 0 {
      throw .notSupported("A parameter (?) in a view", at: node.query.range)
    }
    let name = try resolve(node.name)
    switch try found(name, at: node.name) {
    case .view? where node.orReplace: break
    case nil: break
    default: throw try taken(name, at: node.name.range, replacing: node.orReplace)
    }
    var inner = catalog
    inner.viewBeingMade = name
    let plan: LogicalPlan
    do {
      plan = try self.plan(node.query, in: inner)
    } catch {
      throw error.code == .viewIsRecursive ? error.located(at: node.range) : error
    }
    let schema = plan.schema
    try checkNames(schema, of: node.query)
    return ViewDefinition(
      name: name,
      query: storedText(of: node.query),
      columns: schema.fields.map { CatalogColumn(name: $0.name, type: $0.type.description) },
      schema: catalog.currentSchema,
      owner: engine.configuration.user
    )
  }

  /// The text of a view's query in Athena's dialect, in which every session reads it: as it was written
  /// where it was written so, and otherwise as the same query is written there.
  private func storedText(of query: Query) -> String {
    if session.dialect == .trino, properties.decimalLiteralsAreDouble {
      return text(of: query.range)
    }
    return SQLPrinter.text(
      of: query,
      decimalsAreExact: !properties.decimalLiteralsAreDouble
    )
  }

  /// Returns the error for a name that is taken.
  func taken(_ name: RelationName, at range: SourceRange, replacing: Bool = false)
    throws(SQLError) -> SQLError
  {
    guard case .view? = try catalog.found(name) else {
      return SQLError(.tableAlreadyExists, "Table '\(name)' already exists", at: range)
    }
    return SQLError(
      .tableAlreadyExists,
      "View '\(name)' already exists",
      at: range,
      hint: "CREATE OR REPLACE VIEW replaces it."
    )
  }

  /// Checks that every column of a query has a name of its own.
  func checkNames(_ schema: Schema, of query: Query) throws(SQLError) {
    var taken: Set<String> = []
    for (index, field) in schema.fields.enumerated() {
      if field.name == "_col\(index)" {
        throw SQLError(
          .missingColumnName,
          "Column name not specified at position \(index + 1)",
          at: query.range,
          hint: "Give the expression a name with AS."
        )
      }
      guard taken.insert(field.name.lowercased()).inserted else {
        throw SQLError(
          .duplicateColumnName,
          "Column name '\(field.name)' specified more than once",
          at: query.range
        )
      }
    }
  }

  /// The bytes of the statement in a range.
  func text(of range: SourceRange) -> String {
    let bytes = Array(text.utf8)
    guard range.start >= 0, range.start <= range.end, range.end <= bytes.count else { return text }
    return String(decoding: bytes[range.start..<range.end], as: UTF8.self)
  }
}
