import ApusPlanner
import ApusSyntax
import ApusValues
import Synchronization

extension StatementExecution {
  /// Runs CREATE [OR REPLACE] VIEW: checks the query and keeps its text in the session.
  func run(_ node: CreateViewStatement) throws(SQLError) -> QueryResult {
    let (name, view) = try checkedView(node)
    try session.change { $0.views[name] = view }
    return try done(.createView)
  }

  /// Checks a view as CREATE VIEW does, without making it.
  ///
  /// - Throws: TABLE_ALREADY_EXISTS, VIEW_IS_RECURSIVE, MISSING_COLUMN_NAME, DUPLICATE_COLUMN_NAME,
  ///   and what binding the query throws.
  func checkedView(_ node: CreateViewStatement) throws(SQLError) -> (ViewName, ViewDefinition) {
    let name: ViewName
    let taken: String?
    do {
      name = try catalog.resolve(node.name.names)
      taken = try engine.warehouse.location(of: name.name, in: name.schema)
    } catch {
      throw error.located(at: node.name.range)
    }
    if taken != nil {
      throw SQLError(
        .tableAlreadyExists,
        "Table '\(name.schema).\(name.name)' already exists",
        at: node.name.range
      )
    }
    if catalog.views[name] != nil, !node.orReplace {
      throw SQLError(
        .tableAlreadyExists,
        "View '\(name.schema).\(name.name)' already exists",
        at: node.name.range,
        hint: "CREATE OR REPLACE VIEW replaces it."
      )
    }
    let viewBeingMade = ViewBeingMade(name)
    var inner = catalog
    inner.viewBeingMade = viewBeingMade
    let plan: LogicalPlan
    do {
      plan = try self.plan(node.query, in: inner)
    } catch {
      throw error.code == .viewIsRecursive ? error.located(at: node.range) : error
    }
    let schema = plan.schema
    try checkNames(schema, of: node.query)
    let dependsOnSchema = viewBeingMade.dependsOnSchema.load(ordering: .relaxed)
    let view = ViewDefinition(
      query: text(of: node.query.range),
      schema: schema,
      neededSchema: dependsOnSchema ? catalog.currentSchema : nil
    )
    return (name, view)
  }

  /// Checks that every column of a view has a name of its own.
  private func checkNames(_ schema: Schema, of query: Query) throws(SQLError) {
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
  private func text(of range: SourceRange) -> String {
    let bytes = Array(text.utf8)
    guard range.start >= 0, range.start <= range.end, range.end <= bytes.count else { return text }
    return String(decoding: bytes[range.start..<range.end], as: UTF8.self)
  }
}
