import ApusCatalog
import ApusPlanner
import ApusSyntax
import ApusValues

extension StatementExecution {
  /// Runs DESCRIBE of a table (`col_name`, `data_type`, `comment`, types in Hive's spelling), of a
  /// view (`column`, `type`, types in Trino's) or of a path (as a table). EXTENDED and FORMATTED
  /// tell more of declared tables.
  func run(_ node: DescribeStatement) throws(SQLError) -> QueryResult {
    if let partition = node.partition { try checkPartition(partition, of: node.table) }
    var described = try described(node.table)
    if !node.column.isEmpty {
      let column = try column(node.column, of: described)
      described = Described(columns: [column], isView: described.isView)
      return try answer(
        described.isView ? .describeView : .describeTable,
        ["col_name": .text, "data_type": .text, "comment": .text],
        rows: [row(column)]
      )
    }
    if described.isView {
      return try answer(
        .describeView,
        ["column": .text, "type": .text],
        rows: described.columns.map { [.text($0.name), .text($0.type)] }
      )
    }
    if node.detail == .formatted {
      return try answer(
        .describeTable,
        ["col_name": .text, "data_type": .text, "comment": .text],
        rows: formatted(try declaredTable(node.table)).map { $0.map { .text($0) } }
      )
    }
    var rows = described.allColumns.map(row)
    if !described.partitionColumns.isEmpty {
      // Hive repeats the partition columns under a heading.
      rows.append([.text(""), .text(""), .text("")])
      rows.append([.text("# Partition Information"), .text(""), .text("")])
      rows.append([.text("# col_name"), .text("data_type"), .text("comment")])
      rows.append([.text(""), .text(""), .text("")])
      rows += described.partitionColumns.map(row)
    }
    if node.detail == .extended {
      rows.append([.text(""), .text(""), .text("")])
      rows.append([
        .text("Detailed Table Information"), .text(extended(try declaredTable(node.table))),
        .text(""),
      ])
    }
    return try answer(
      .describeTable,
      ["col_name": .text, "data_type": .text, "comment": .text],
      rows: rows
    )
  }

  /// Checks that a table has a partition.
  private func checkPartition(_ node: PartitionSpecification, of table: TableName) throws(SQLError)
  {
    let definition = try declaredTable(table)
    let fields = try partitionFields(of: definition, at: table)
    let values = try partitionValues(node, of: fields)
    let partitions = try engine.catalog.partitions(ofTable: definition.id)
    guard partitions.contains(where: { $0.values == values }) else {
      throw SQLError(
        .notFound,
        "Partition '\(partitionName(values, of: fields))' of '\(definition.name)' does not exist",
        at: node.range
      )
    }
  }

  /// Finds a column, or a field within one.
  private func column(_ path: [Identifier], of relation: Described) throws(SQLError)
    -> CatalogColumn
  {
    guard let first = path.first else { throw .internal("a column without a name") }
    guard
      let column = relation.allColumns.first(where: { $0.name == first.value.lowercased() })
    else {
      let near = nearestName(to: first.value, among: relation.allColumns.map(\.name))
      throw SQLError(
        .columnNotFound,
        "Column '\(first.value)' does not exist",
        at: first.range,
        hint: near.map { "Did you mean '\($0)'?" }
      )
    }
    var type = relation.isView ? try trinoType(column.type) : DeclaredType(column.type).sqlType
    for part in path.dropFirst() {
      guard case .row(let fields)? = type,
        let field = fields.first(where: { $0.name?.lowercased() == part.value.lowercased() })
      else {
        throw SQLError(
          .columnNotFound,
          "'\(first.value)' has no field '\(part.value)'",
          at: part.range
        )
      }
      type = field.type
    }
    guard path.count > 1, let type else { return column }
    let name = path.last?.value.lowercased() ?? column.name
    let spelt = relation.isView ? type.description : type.hiveName ?? type.description
    return CatalogColumn(name: name, type: spelt)
  }

  /// The type that a text in Trino's spelling names.
  func trinoType(_ text: String) throws(SQLError) -> SQLType {
    try planner().constant(try parseExpression("CAST(NULL AS \(text))")).type
  }

  private func row(_ column: CatalogColumn) -> [Value] {
    [.text(column.name), .text(column.type), .text(column.comment ?? "")]
  }

  /// What DESCRIBE and SHOW COLUMNS know of a relation.
  struct Described {
    /// Types in Hive's spelling for tables, in Trino's for views.
    var columns: [CatalogColumn]
    var partitionColumns: [CatalogColumn] = []
    var isView = false

    var allColumns: [CatalogColumn] { columns + partitionColumns }
  }

  /// Finds a table, view or path.
  ///
  /// - Throws: TABLE_NOT_FOUND, SCHEMA_NOT_FOUND, CATALOG_NOT_FOUND, and what reading a schema does.
  func described(_ table: TableName) throws(SQLError) -> Described {
    try located(table) { () throws(SQLError) in
      switch table {
      case .path(let path):
        return described(try catalog.table(atPath: path.value))
      case .name(let name):
        let full = try catalog.resolve(name.names)
        switch try catalog.database.relation(named: full) {
        case .view(let view)?:
          return Described(columns: view.columns, isView: true)
        case .table(let table)?:
          return Described(columns: table.columns, partitionColumns: table.partitionColumns)
        case nil: break
        }
        guard case .table(let table)? = try catalog.relation(name.names) else {
          throw notFound(full, at: name.range)
        }
        return described(table)
      }
    }
  }

  private func described(_ table: any Table) -> Described {
    Described(
      columns: table.visibleFields.map { field in
        CatalogColumn(
          name: field.name,
          type: field.type.hiveName ?? field.type.description
        )
      }
    )
  }
}
