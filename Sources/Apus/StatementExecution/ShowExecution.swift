import ApusCatalog
import ApusEngine
import ApusPlanner
import ApusSyntax
import ApusValues

// Column names are Athena's; what it sends as one text with tabs comes in columns here.

extension StatementExecution {
  /// Runs SHOW DATABASES, TABLES, VIEWS, COLUMNS, FUNCTIONS, CATALOGS, SESSION, PARTITIONS,
  /// TBLPROPERTIES, STATS, CREATE TABLE, CREATE VIEW.
  func run(_ node: ShowStatement) throws(SQLError) -> QueryResult {
    switch node.subject {
    case .databases(let catalogName):
      if let catalogName {
        do {
          try catalog.checkCatalog(catalogName.value.lowercased())
        } catch {
          throw error.located(at: catalogName.range)
        }
      }
      let names = try catalog.schemas()
      return try list(.showDatabases, "database_name", names, node.pattern, .hive)
    case .tables(let schema):
      let names = try catalog.relations(in: try schemaName(schema))
      return try list(.showTables, "tab_name", names, node.pattern, .hive)
    case .views(let schema):
      let names = try catalog.viewNames(in: try schemaName(schema))
      return try list(.showViews, "views", names, node.pattern, .hive)
    case .columns(let table, let schema):
      return try showColumns(of: table, in: schema, node.pattern)
    case .functions:
      return try showFunctions(node.pattern)
    case .catalogs:
      return try list(.showCatalogs, "Catalog", [Warehouse.catalogName], node.pattern, .like)
    case .session:
      return try showSession(node.pattern)
    case .partitions(let name, let partition):
      return try showPartitions(of: name, with: partition)
    case .tableProperties(let name, let key):
      return try showProperties(of: name, key: key?.value)
    case .statistics(let table):
      return try showStatistics(of: table)
    case .queryStatistics(let query):
      return try showStatistics(of: query)
    case .createTable(let name):
      return try showCreateTable(name)
    case .createView(let name):
      return try showCreateView(name)
    case .createMaterializedView:
      throw .notSupported("SHOW CREATE MATERIALIZED VIEW", at: node.range)
    case .createDatabase(let name):
      return try showCreateDatabase(name)
    case .grants: throw refuseRights("SHOW GRANTS", at: node.range)
    case .roles: throw refuseRights("SHOW ROLES", at: node.range)
    case .roleGrants: throw refuseRights("SHOW ROLE GRANTS", at: node.range)
    }
  }

  /// Answers one column of the names that match.
  private func list(
    _ kind: StatementKind,
    _ column: String,
    _ names: [String],
    _ pattern: StringLiteral?,
    _ notation: NamePattern.Notation
  ) throws(SQLError) -> QueryResult {
    let pattern = pattern.map { NamePattern($0.value, notation) }
    let rows: [[Value]] = names.filter { pattern?.matches($0) ?? true }.map { [.text($0)] }
    return try answer(kind, [column: .text], rows: rows)
  }

  /// The schema that IN names, or the current one.
  private func schemaName(_ name: QualifiedName?) throws(SQLError) -> String {
    guard let name, let schema = name.names.last else { return catalog.currentSchema }
    do {
      if name.parts.count > 1 { try catalog.checkCatalog(name.names[0]) }
      try catalog.checkSchema(schema)
    } catch {
      throw error.located(at: name.range)
    }
    return schema
  }

  private func showColumns(
    of table: TableName,
    in schema: Identifier?,
    _ pattern: StringLiteral?
  ) throws(SQLError) -> QueryResult {
    var table = table
    if let schema {
      guard case .name(let name) = table, let last = name.last, name.parts.count == 1 else {
        throw SQLError(
          .syntaxError,
          "The table already says its schema",
          at: table.range
        )
      }
      table = .name(QualifiedName(parts: [schema, last], range: name.range))
    }
    let names = try described(table).allColumns.map(\.name)
    return try list(.showColumns, "field", names, pattern, .like)
  }

  private func showFunctions(_ pattern: StringLiteral?) throws(SQLError) -> QueryResult {
    let pattern = pattern.map { NamePattern($0.value, .like) }
    var rows: [[Value]] = []
    for name in engine.functions.names where pattern?.matches(name) ?? true {
      for signature in engine.functions.signatures(named: name) {
        rows.append([
          .text(name), .text(signature.resultText), .text(signature.parametersText),
          .text(signature.kind.rawValue), .boolean(signature.isDeterministic),
          .text(signature.summary),
        ])
      }
    }
    return try answer(
      .showFunctions,
      [
        "Function": .text, "Return Type": .text, "Argument Types": .text, "Function Type": .text,
        "Deterministic": .boolean, "Description": .text,
      ],
      rows: rows
    )
  }

  private func showSession(_ pattern: StringLiteral?) throws(SQLError) -> QueryResult {
    let pattern = pattern.map { NamePattern($0.value, .like) }
    let defaults = SessionProperties(engine.configuration, session.dialect)
    let rows: [[Value]] = SessionProperties.list.filter { pattern?.matches($0.name) ?? true }
      .map { property in
        [
          .text(property.name), .text(property.show(properties)), .text(property.show(defaults)),
          .text(property.type.description), .text(property.description),
        ]
      }
    return try answer(
      .showSession,
      ["Name": .text, "Value": .text, "Default": .text, "Type": .text, "Description": .text],
      rows: rows
    )
  }

  private func showCreateView(_ name: QualifiedName) throws(SQLError) -> QueryResult {
    let full = try resolve(name)
    switch try found(full, at: name) {
    case .view(let view)?:
      let text = "CREATE VIEW \(quoted(full.database)).\(quoted(full.name)) AS\n" + view.query
      return try answer(.showCreateView, "create view", lines: text)
    case .declared?, .undeclared?:
      throw SQLError(
        .notSupported,
        "Relation '\(full)' is a table, not a view",
        at: name.range
      )
    case nil:
      throw notFound(full, at: name.range)
    }
  }

  /// Runs SHOW CREATE SCHEMA and SHOW CREATE DATABASE: a statement that makes the same database.
  private func showCreateDatabase(_ name: QualifiedName) throws(SQLError) -> QueryResult {
    let schema = try schemaName(name)
    var text = "CREATE DATABASE " + quoted(schema)
    if let definition = try engine.catalog.database(named: schema) {
      if let comment = definition.comment { text += "\nCOMMENT \(hiveText(comment))" }
      if let location = definition.location { text += "\nLOCATION \(hiveText(location))" }
      if !definition.properties.isEmpty {
        let list = definition.properties.sorted { $0.key < $1.key }
          .map { "\(hiveText($0.key)) = \(hiveText($0.value))" }
        text += "\nWITH DBPROPERTIES (\(list.joined(separator: ", ")))"
      }
    }
    return try answer(.showCreateDatabase, "Create Schema", lines: text)
  }

  /// Answers a text in one column, a row for each line.
  func answer(_ kind: StatementKind, _ column: String, lines text: String) throws(SQLError)
    -> QueryResult
  {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return try answer(kind, [column: .text], rows: lines.map { [.text(String($0))] })
  }

  /// A name as an identifier that reads back to it.
  private func quoted(_ name: String) -> String {
    let isPlain =
      name.unicodeScalars.allSatisfy { scalar in
        ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) || scalar == "_"
      } && name.first.map { !$0.isNumber } ?? false
    guard !isPlain || name == Warehouse.defaultSchema else { return name }
    return "\""
      + name.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }

  /// Returns TABLE_NOT_FOUND with the name that was probably meant.
  func notFound(_ name: RelationName, at range: SourceRange) -> SQLError {
    let near = nearestName(
      to: name.name,
      among: (try? catalog.relations(in: name.database)) ?? []
    )
    return SQLError(
      .tableNotFound,
      "Table '\(Warehouse.catalogName).\(name)' does not exist",
      at: range,
      hint: near.map { "Did you mean '\($0)'?" }
    )
  }
}
