import ApusCatalog
import ApusConnectors
import ApusStorage
import ApusSyntax
import ApusValues

extension StatementExecution {
  /// Runs CREATE TABLE LIKE: makes an empty table with the columns of others.
  func run(_ node: CreateTableLikeStatement) throws(SQLError) -> QueryResult {
    guard let table = try checkedTable(node) else { return try done(.createTable) }
    guard try engine.catalog.create(table) || node.ifNotExists else {
      throw try taken(table.name, at: node.name.range)
    }
    return try done(.createTable)
  }

  /// Checks a table as CREATE TABLE LIKE does, without making it; nil if it is there and may be.
  func checkedTable(_ node: CreateTableLikeStatement) throws(SQLError) -> TableDefinition? {
    let name = try resolve(node.name)
    try located(node.name) { () throws(SQLError) in try checkMayHold(name) }
    let location: ObjectPath?
    if case .table(_, let place?, _) = node.model {
      location = try directory(place)
    } else {
      location = nil
    }
    switch try found(name, at: node.name) {
    case nil: break
    // Declaring the folder that makes the table undeclared is what the statement is for.
    case .undeclared(let path)? where ObjectPath(path).asDirectory == location: break
    case .declared?, .undeclared?:
      if node.ifNotExists { return nil }
      throw try taken(name, at: node.name.range)
    case .view?:
      throw try taken(name, at: node.name.range)
    }
    switch node.model {
    case .table(let model, _, let properties):
      var table = try hiveTable(like: model)
      table.name = name
      if let location {
        table.location = location
      } else {
        table.location = try self.location(of: name, nil)
      }
      table.properties.merge(try checkedProperties(properties)) { $1 }
      return table
    case .elements(let elements, let comment, let nodes):
      return try table(name, of: elements, comment, nodes, at: node)
    }
  }

  /// What Hive copies of a table: columns, partitions, the format, and of its properties the codec of
  /// files. Of a view or of files it takes the columns.
  private func hiveTable(like model: QualifiedName) throws(SQLError) -> TableDefinition {
    let full = try resolve(model)
    var table = TableDefinition(
      name: full,
      columns: [],
      location: ObjectPath(""),
      storage: TableStorage.parquet.properties,
      owner: engine.configuration.user
    )
    if case .declared(let source)? = try found(full, at: model) {
      table.columns = source.columns
      table.partitionColumns = source.partitionColumns
      table.storage = source.storage
      table.properties = source.codecProperty
      return table
    }
    let source = try described(.name(model))
    if source.isView {
      for column in source.columns {
        let type = try trinoType(column.type)
        table.columns.append(
          CatalogColumn(name: column.name, type: try hiveName(type, of: column.name, at: model))
        )
      }
    } else {
      table.columns = source.columns
    }
    return table
  }

  /// The table that Trino's form makes: the columns in the order of the elements.
  private func table(
    _ name: RelationName,
    of elements: [TableElement],
    _ comment: StringLiteral?,
    _ nodes: [TableProperty],
    at node: CreateTableLikeStatement
  ) throws(SQLError) -> TableDefinition {
    var properties = try WrittenTableProperties(nodes)
    let given = Set(nodes.map { $0.name.value.lowercased() })
    var columns: [CatalogColumn] = []
    var inheritsProperties = false
    for element in elements {
      switch element {
      case .column(let column):
        columns += try declared([column], besides: columns)
      case .like(let like):
        let source = try tableColumns(like: like.table)
        if like.includesProperties {
          guard !inheritsProperties else {
            throw SQLError(
              .notSupported,
              "Only one LIKE clause can specify INCLUDING PROPERTIES",
              at: like.range
            )
          }
          inheritsProperties = true
          if let codec = source.codec,
            given.isDisjoint(with: ["parquet_compression", "write_compression"])
          {
            properties.compression = codec
          }
          if !given.contains("partitioned_by") {
            properties.partitionedBy = source.partitionColumns.map {
              Identifier(value: $0.name, range: like.range)
            }
          }
        }
        for column in source.columns + source.partitionColumns {
          guard !columns.contains(where: { $0.name == column.name }) else {
            throw SQLError(
              .duplicateColumnName,
              "Column name '\(column.name)' specified more than once",
              at: like.range
            )
          }
          columns.append(column)
        }
      }
    }
    return try definition(name, columns, properties, comment, at: node.range)
  }

  /// What LIKE takes of a table.
  private struct ModelColumns {
    var columns: [CatalogColumn]
    var partitionColumns: [CatalogColumn] = []
    var codec: FileCompression?
  }

  /// - Throws: TABLE_NOT_FOUND, for views too, as in Trino.
  private func tableColumns(like model: QualifiedName) throws(SQLError) -> ModelColumns {
    let full = try resolve(model)
    switch try found(full, at: model) {
    case .declared(let table)?:
      return ModelColumns(
        columns: table.columns,
        partitionColumns: table.partitionColumns,
        codec: table.codecProperty.values.first.flatMap { FileCompression(athenaName: $0) }
      )
    case .undeclared?:
      return ModelColumns(columns: try described(.name(model)).columns)
    case .view?, nil:
      let missing = notFound(full, at: model.range)
      throw SQLError(
        .tableNotFound,
        "LIKE table '\(Warehouse.catalogName).\(full)' does not exist",
        at: model.range,
        hint: missing.hint
      )
    }
  }

  private func hiveName(_ type: SQLType, of column: String, at node: some SyntaxNode)
    throws(SQLError) -> String
  {
    // A varchar of a known length is a text like any other.
    let stored = if case .varchar = type { SQLType.text } else { type }
    guard let name = stored.hiveName else {
      throw .notSupported("Column '\(column)' of type \(type) in a table", at: node.range)
    }
    return name
  }
}

extension TableDefinition {
  /// The one property of a table that says how its next files are written.
  fileprivate var codecProperty: [String: String] {
    properties.filter { $0.key == "parquet.compression" }
  }
}
