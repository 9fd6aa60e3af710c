import ApusCatalog
import ApusConnectors
import ApusPlanner
import ApusSyntax
import ApusValues

extension StatementExecution {
  /// Runs INSERT INTO: adds files to a table, all or none.
  func run(_ node: InsertStatement) throws(SQLError) -> QueryResult {
    try write(try prepared(node), .insert)
  }

  /// Plans the query with a transaction that its rows go to.
  func prepared(_ node: InsertStatement) throws(SQLError) -> PreparedWrite {
    let table = try insertedTable(node)
    var target: FilesWriteTarget?
    let plan = try planned(node, table) { () throws(SQLError) in
      let compression =
        table.properties["parquet.compression"] ?? table.properties["write.compression"]
      let made = try FilesWriteTarget(
        try catalog.declared(table),
        catalog.files,
        compression: compression.flatMap { FileCompression(athenaName: $0) } ?? .snappy,
        memoryLimit: properties.memoryLimit
      )
      target = made
      return made
    }
    guard let target else { throw .internal("no target to write to") }
    return PreparedWrite(plan: plan, target: target, newTable: nil, tableID: table.id)
  }

  /// Finds the table that a statement adds rows to.
  func insertedTable(_ node: InsertStatement) throws(SQLError) -> TableDefinition {
    let name = try resolve(node.table)
    switch try found(name, at: node.table) {
    case .declared(let table)?:
      if let index = table.columns.firstIndex(where: { DeclaredType($0.type).sqlType == nil }) {
        throw .notSupported(
          "Writing column '\(table.columns[index].name)' of type \(table.columns[index].type)",
          at: node.table.range
        )
      }
      return table
    case .view?:
      throw .notSupported("Inserting into a view", at: node.table.range)
    case .undeclared(let path)?:
      throw .notSupported(
        "Inserting into '\(name)', which is files in the warehouse and not a table of the catalog,",
        at: node.table.range,
        hint: "CREATE EXTERNAL TABLE … LOCATION '\(path)' makes it one."
      )
    case nil:
      throw notFound(name, at: node.table.range)
    }
  }

  /// Plans the query of INSERT: its columns are the table's by position, or those that are named.
  func planned(
    _ node: InsertStatement,
    _ table: TableDefinition,
    target: () throws(SQLError) -> any TableWriteTarget
  ) throws(SQLError) -> LogicalPlan {
    let plan = try planner().planWrite(
      node.query,
      columns: try writtenColumns(node, table),
      target: { _ throws(SQLError) in try target() }
    )
    try cancellation.check()
    return plan
  }

  /// Returns what says, of the columns of the query of INSERT, where they go.
  func writtenColumns(_ node: InsertStatement, _ table: TableDefinition) throws(SQLError)
    -> (Schema) throws(SQLError) -> [WrittenColumn]
  {
    let declared = try catalog.declared(table)
    let fields = declared.columns + declared.partitionColumns
    return { schema throws(SQLError) in
      let sources = try sources(of: fields, node)
      let wanted = node.columns.isEmpty ? fields.count : node.columns.count
      guard schema.count == wanted else {
        throw SQLError(
          .mismatchedColumnAliases,
          "Insert query has \(schema.count) columns, but table has \(wanted)",
          at: node.query.range
        )
      }
      return zip(fields, sources).map { WrittenColumn(field: $0, source: $1) }
    }
  }

  /// For each column of the table, the query's column that fills it.
  private func sources(of fields: [Field], _ node: InsertStatement) throws(SQLError) -> [Int?] {
    if node.columns.isEmpty { return fields.indices.map { $0 } }
    var sources = [Int?](repeating: nil, count: fields.count)
    for (position, column) in node.columns.enumerated() {
      let name = column.value.lowercased()
      guard let index = fields.firstIndex(where: { $0.name == name }) else {
        let near = nearestName(to: name, among: fields.map(\.name))
        throw SQLError(
          .columnNotFound,
          "Insert column name does not exist in target table: \(name)",
          at: column.range,
          hint: near.map { "Did you mean '\($0)'?" }
        )
      }
      guard sources[index] == nil else {
        throw SQLError(
          .duplicateColumnName,
          "Insert column name is specified more than once: \(name)",
          at: column.range
        )
      }
      sources[index] = position
    }
    return sources
  }
}
