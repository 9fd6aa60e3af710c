import ApusCatalog
import ApusEngine
import ApusPlanner
import ApusStorage
import ApusSyntax
import ApusValues

/// One statement on its way: what it may see of its session, and how each kind is carried out.
///
/// Every kind of statement has its `run` in a file of its own.
struct StatementExecution {
  let session: Session
  /// What the ranges of the statement point into.
  var text: String
  let catalog: SessionCatalog
  let properties: SessionProperties
  /// Counts the requests that the statement makes.
  let activity: StorageActivity
  let cancellation: QueryCancellation
  /// What the statement's expressions share, while it is planned and while it runs.
  let evaluation: EvaluationSettings
  /// What the statement's `?` stand for.
  var parameters = ParameterValues.values([])
  /// Whether the statement was written elsewhere than where it is run.
  var isPrepared = false

  var engine: Engine { session.engine }

  func run(_ statement: Statement) throws(SQLError) -> QueryResult {
    switch statement {
    case .query(let node): try run(node)
    case .explain(let node): try run(node)
    case .createView(let node): try run(node)
    case .dropView(let node): try run(node)
    case .createDatabase(let node): try run(node)
    case .dropDatabase(let node): try run(node)
    case .createTable(let node): try run(node)
    case .createTableAs(let node): try run(node)
    case .createTableLike(let node): try run(node)
    case .dropTable(let node): try run(node)
    case .alterTable(let node): try run(node)
    case .repairTable(let node): try run(node)
    case .analyze(let node): try run(node)
    case .insert(let node): try run(node)
    case .show(let node): try run(node)
    case .describe(let node): try run(node)
    case .use(let node): try run(node)
    case .setSession(let node): try run(node)
    case .resetSession(let node): try run(node)
    case .prepare(let node): try run(node)
    case .execute(let node): try run(node)
    case .executeImmediate(let node): try run(node)
    case .deallocate(let node): try run(node)
    case .describePrepared(let node): try run(node)
    case .unload(let node): try run(node)
    case .delete, .update, .merge, .truncate, .startTransaction, .endTransaction, .grant,
      .revoke, .deny,
      .grantRoles, .revokeRoles, .createRole, .dropRole, .setRole, .createMaterializedView,
      .refreshMaterializedView, .dropMaterializedView, .renameView, .alterDatabase, .optimize,
      .vacuum, .call, .comment, .setTimeZone, .setPath, .inlineFunctions,
      .externalFunctions:
      throw refuse(statement)
    }
  }

  /// Returns an answer of rows that are there already.
  func answer(
    _ kind: StatementKind,
    _ columns: KeyValuePairs<String, SQLType>,
    rows: [[Value]]
  ) throws(SQLError) -> QueryResult {
    let schema = Schema(columns.map { Field(name: $0.key, type: $0.value) })
    return try QueryResult(
      schema: schema,
      kind: kind,
      source: FixedRows(schema, rows: rows),
      cancellation: cancellation
    )
  }

  /// Returns the answer of a statement that has none.
  func done(_ kind: StatementKind) throws(SQLError) -> QueryResult {
    try QueryResult(
      schema: Schema([]),
      kind: kind,
      source: FixedRows([]),
      cancellation: cancellation
    )
  }

  /// Binds and improves a query.
  func plan(_ query: Query, in catalog: SessionCatalog? = nil) throws(SQLError) -> LogicalPlan {
    let plan = try planner(catalog).plan(query)
    try cancellation.check()
    return plan
  }

  func planner(_ catalog: SessionCatalog? = nil) -> QueryPlanner {
    QueryPlanner(
      catalog: catalog ?? self.catalog,
      functions: engine.functions,
      context: PlanningContext(
        user: engine.configuration.user,
        catalog: Warehouse.catalogName,
        schema: self.catalog.currentSchema,
        disabledRules: properties.disabledRules,
        evaluator: ConstantFolding(library: engine.functions, settings: evaluation),
        parameters: parameters,
        maximumRecursionDepth: properties.maximumRecursionDepth,
        isPrepared: isPrepared,
        decimalLiteralsAreDouble: properties.decimalLiteralsAreDouble
      )
    )
  }
}

extension StatementExecution {
  /// Completes a name as the session means it and checks its schema; errors have the name's place.
  func resolve(_ name: QualifiedName) throws(SQLError) -> RelationName {
    try located(name) { () throws(SQLError) in try catalog.resolve(name.names) }
  }

  /// Finds what a name stands for; errors have the name's place.
  func found(_ name: RelationName, at node: QualifiedName) throws(SQLError)
    -> SessionCatalog.Found?
  {
    try located(node) { () throws(SQLError) in try catalog.found(name) }
  }

  /// Runs what may fail because of a node; errors without a place have the node's.
  func located<Result>(_ node: some SyntaxNode, _ body: () throws(SQLError) -> Result)
    throws(SQLError) -> Result
  {
    do {
      return try body()
    } catch {
      throw error.located(at: node.range)
    }
  }
}

extension LogicalPlan {
  /// The columns of the result.
  var schema: Schema { Schema(output.map { Field(name: $0.name, type: $0.type) }) }
}

extension QualifiedName {
  /// The parts in lower case, as tables know no other.
  var names: [String] { parts.map { $0.value.lowercased() } }
}
