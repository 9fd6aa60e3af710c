import ApusPlanner
import ApusSyntax
import ApusValues

extension StatementExecution {
  /// Runs PREPARE: keeps the statement under a name, in place of one that had it.
  func run(_ node: PrepareStatement) throws(SQLError) -> QueryResult {
    let statement = PreparedStatement(
      sql: text(of: node.statement.range),
      parameterCount: parameterCount(of: text, dialect: session.dialect),
      statement: node.statement,
      source: text
    )
    try statement.checkKind(at: node.statement.range)
    try session.change { $0.preparedStatements[node.name.value] = statement }
    return try done(.prepare)
  }

  /// Runs EXECUTE: the statement kept, with a value for each parameter.
  func run(_ node: ExecuteStatement) throws(SQLError) -> QueryResult {
    let prepared = try prepared(node.name)
    return try run(prepared.statement, of: prepared, arguments: node.arguments, at: node.range)
  }

  /// Runs EXECUTE IMMEDIATE: a statement that a text says.
  func run(_ node: ExecuteImmediateStatement) throws(SQLError) -> QueryResult {
    let prepared = try located(node.text) { () throws(SQLError) in
      try withoutPlace { () throws(SQLError) in
        try PreparedStatement(node.text.value, session.dialect)
      }
    }
    return try run(prepared.statement, of: prepared, arguments: node.arguments, at: node.range)
  }

  /// Runs DEALLOCATE PREPARE.
  func run(_ node: DeallocateStatement) throws(SQLError) -> QueryResult {
    _ = try prepared(node.name)
    try session.change { $0.preparedStatements[node.name.value] = nil }
    return try done(.deallocate)
  }

  /// Runs DESCRIBE INPUT and DESCRIBE OUTPUT.
  func run(_ node: DescribePreparedStatement) throws(SQLError) -> QueryResult {
    let prepared = try prepared(node.name)
    let inner = execution(of: prepared, parameters: .described)
    let description = try located(node) { () throws(SQLError) in
      try withoutPlace { () throws(SQLError) in try inner.described(prepared.statement) }
    }
    switch node.side {
    case .input:
      return try answer(
        .describeInput,
        ["Position": .bigint, "Type": .text],
        rows: (0..<prepared.parameterCount).map { index in
          let type = description.parameterTypes[index] ?? .unknown
          return [.integer(Int64(index)), .text(type.description)]
        }
      )
    case .output:
      return try answer(
        .describeOutput,
        [
          "Column Name": .text, "Catalog": .text, "Schema": .text, "Table": .text, "Type": .text,
          "Type Size": .bigint, "Aliased": .boolean,
        ],
        rows: description.columns.map { column in
          [
            .text(column.name), .text(""), .text(""), .text(""), .text(column.type.description),
            .integer(column.type.fixedByteCount), .boolean(column.isAliased),
          ]
        }
      )
    }
  }

  /// Explains what EXECUTE would run.
  func explain(_ node: ExplainStatement, of execute: ExecuteStatement) throws(SQLError)
    -> QueryResult
  {
    let prepared = try prepared(execute.name)
    var explain = node
    explain.statement = prepared.statement
    return try run(
      .explain(explain),
      of: prepared,
      arguments: execute.arguments,
      at: execute.range
    )
  }

  /// Binds values for parameters.
  func parameterValues(_ arguments: [ApusSyntax.Expression]) throws(SQLError) -> ParameterValues {
    let planner = planner()
    return .values(
      try arguments.map { argument throws(SQLError) in try planner.constant(argument) }
    )
  }

  /// Checks that there are as many values as a statement has parameters; those of a statement that is
  /// only kept are left to whoever executes it.
  func checkParameters(_ statement: Statement, at range: SourceRange) throws(SQLError) {
    if case .prepare = statement { return }
    if case .explain(let node) = statement { return try checkParameters(node.statement, at: range) }
    let count = parameterCount(of: text, dialect: session.dialect)
    try checkParameters(count, parameters, at: range)
  }

  private func checkParameters(_ count: Int, _ values: ParameterValues, at range: SourceRange)
    throws(SQLError)
  {
    guard case .values(let values) = values, values.count != count else { return }
    throw SQLError(
      .invalidParameterUsage,
      "Incorrect number of parameters: expected \(count) but found \(values.count)",
      at: range
    )
  }

  private func prepared(_ name: Identifier) throws(SQLError) -> PreparedStatement {
    let statements = session.preparedStatements
    if let statement = statements[name.value] { return statement }
    let near = nearestName(to: name.value, among: statements.keys.sorted())
    throw SQLError(
      .notFound,
      "Prepared statement not found: \(name.value)",
      at: name.range,
      hint: near.map { "Did you mean '\($0)'?" }
    )
  }

  /// Runs a statement that belongs to a prepared one; its errors have the place of what executes it.
  private func run(
    _ statement: Statement,
    of prepared: PreparedStatement,
    arguments: [ApusSyntax.Expression],
    at range: SourceRange
  ) throws(SQLError) -> QueryResult {
    let values = try parameterValues(arguments)
    try checkParameters(prepared.parameterCount, values, at: range)
    let inner = execution(of: prepared, parameters: values)
    do {
      return try withoutPlace { () throws(SQLError) in try inner.run(statement) }
    } catch {
      throw error.located(at: range)
    }
  }

  private func execution(of prepared: PreparedStatement, parameters: ParameterValues)
    -> StatementExecution
  {
    var inner = self
    inner.text = prepared.source
    inner.parameters = parameters
    inner.isPrepared = true
    return inner
  }

  /// Runs what may throw an error with a place in another text.
  private func withoutPlace<Result>(_ body: () throws(SQLError) -> Result) throws(SQLError)
    -> Result
  {
    do {
      return try body()
    } catch {
      var error = error
      error.range = nil
      throw error
    }
  }

  private struct Description {
    struct Column {
      var name: String
      var type: SQLType
      var isAliased: Bool
    }

    var columns: [Column] = []
    var parameterTypes: [Int: SQLType] = [:]
  }

  private func described(_ statement: Statement) throws(SQLError) -> Description {
    let written = Description.Column(name: "rows", type: .bigint, isAliased: false)
    switch statement {
    case .query(let query):
      let (schema, types) = try planner().describe(query)
      let aliased = aliases(of: query)
      return Description(
        columns: schema.fields.enumerated().map { index, field in
          Description.Column(
            name: field.name,
            type: field.type,
            isAliased: aliased.indices.contains(index) && aliased[index]
          )
        },
        parameterTypes: types
      )
    case .insert(let node):
      let table = try insertedTable(node)
      let columns = try writtenColumns(node, table)
      let (_, types) = try planner().describe(node.query, columns: columns)
      return Description(columns: [written], parameterTypes: types)
    case .createTableAs(let node):
      let (_, types) = try planner().describe(node.query)
      return Description(columns: [written], parameterTypes: types)
    case .explain:
      return Description(
        columns: [Description.Column(name: "Query Plan", type: .text, isAliased: false)]
      )
    default:
      return Description()
    }
  }

  /// Whether AS gives the columns of a query their names; empty where `*` stands for several.
  private func aliases(of query: Query) -> [Bool] {
    guard case .specification(let node) = query.body else { return [] }
    var aliases: [Bool] = []
    for item in node.items {
      guard case .expression(let column) = item else { return [] }
      aliases.append(column.alias != nil)
    }
    return aliases
  }
}

extension PreparedStatement {
  /// Reads a statement to be prepared.
  ///
  /// - Throws: what `parseStatement` throws, and NOT_SUPPORTED for a statement about prepared ones.
  init(_ sql: String, _ dialect: Dialect) throws(SQLError) {
    let statement = try parseStatement(sql, dialect: dialect)
    self.init(
      sql: sql,
      parameterCount: ApusSyntax.parameterCount(of: sql, dialect: dialect),
      statement: statement,
      source: sql
    )
    try checkKind(at: statement.range)
  }

  /// Refuses statements that are about prepared ones.
  fileprivate func checkKind(at range: SourceRange) throws(SQLError) {
    let kind: String
    switch statement {
    case .prepare: kind = "PREPARE"
    case .execute: kind = "EXECUTE"
    case .executeImmediate: kind = "EXECUTEIMMEDIATE"
    case .deallocate: kind = "DEALLOCATE"
    default: return
    }
    throw SQLError(
      .notSupported,
      "Invalid statement type for prepared statement: \(kind)",
      at: range
    )
  }
}

extension SQLType {
  /// What DESCRIBE OUTPUT calls the size: the bytes of a value where all have as many, otherwise 0.
  fileprivate var fixedByteCount: Int64 {
    switch self {
    case .boolean, .tinyint, .unknown: 1
    case .smallint: 2
    case .integer, .real, .date, .intervalYearToMonth, .color: 4
    case .bigint, .double, .time, .intervalDayToSecond: 8
    case .decimal(let precision, _): precision <= 18 ? 8 : 16
    case .timestamp(let precision): precision <= 6 ? 8 : 12
    case .timestampWithTimeZone(let precision): precision <= 3 ? 8 : 12
    case .timeWithTimeZone(let precision): precision <= 9 ? 8 : 12
    case .uuid, .ipAddress: 16
    default: 0
    }
  }
}
