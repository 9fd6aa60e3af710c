import ApusCatalog
import ApusConnectors
import ApusStorage
import ApusSyntax
import ApusValues

extension StatementExecution {
  /// Runs CREATE EXTERNAL TABLE: notes in the catalog what the files of a directory are.
  func run(_ node: CreateTableStatement) throws(SQLError) -> QueryResult {
    guard let table = try checkedTable(node) else { return try done(.createTable) }
    guard try engine.catalog.create(table) || node.ifNotExists else {
      throw try taken(table.name, at: node.name.range)
    }
    return try done(.createTable)
  }

  /// Checks a table as CREATE TABLE does, without making it; nil if it is there and may be.
  func checkedTable(_ node: CreateTableStatement) throws(SQLError) -> TableDefinition? {
    try refuseOtherTables(node)
    let name = try resolve(node.name)
    try located(node.name) { () throws(SQLError) in try checkMayHold(name) }
    let storage = try TableStorage(node)
    let properties = try checkedProperties(node.properties)
    let location = try directory(node.location)
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
    var columns = try declared(node.columns, besides: [])
    let partitionColumns = try declaredPartitionColumns(node.partitionedBy, besides: columns)
    if columns.isEmpty {
      columns = try columnsOfFiles(below: location, of: node, without: partitionColumns)
    }
    return TableDefinition(
      name: name,
      columns: columns,
      partitionColumns: partitionColumns,
      location: location,
      storage: storage.properties,
      properties: properties,
      comment: node.comment?.value,
      owner: engine.configuration.user
    )
  }

  /// Checks that a table or view of that name could be made.
  func checkMayHold(_ name: RelationName) throws(SQLError) {
    try catalog.checkSchema(name.database)
    guard name.database != InformationSchema.name else {
      throw .notSupported("Making tables in \(InformationSchema.name)")
    }
    guard !name.name.isEmpty, !name.name.contains("/") else {
      throw SQLError(.syntaxError, "'\(name.name)' is no name of a table")
    }
  }

  private func refuseOtherTables(_ node: CreateTableStatement) throws(SQLError) {
    for property in node.properties where property.key.value.lowercased() == "table_type" {
      throw .notSupported("Tables of type \(property.value.value)", at: property.range)
    }
    guard node.isExternal else {
      throw .notSupported(
        "CREATE TABLE without EXTERNAL",
        at: node.range,
        hint: "Write CREATE EXTERNAL TABLE, or CREATE TABLE … AS SELECT."
      )
    }
    if let buckets = node.buckets { throw .notSupported("CLUSTERED BY", at: buckets.range) }
  }

  /// TBLPROPERTIES, without those that ask for what is not there.
  func checkedProperties(_ nodes: [TextProperty]) throws(SQLError) -> [String: String] {
    for node in nodes
    where node.key.value.lowercased() == "projection.enabled"
      && node.value.value.lowercased() == "true"
    {
      throw .notSupported(
        "Partition projection",
        at: node.range,
        hint: "MSCK REPAIR TABLE adds the partitions that are there."
      )
    }
    return try dictionary(nodes)
  }

  /// Columns as they are declared: names in lower case, types in Hive's spelling.
  ///
  /// - Throws: DUPLICATE_COLUMN_NAME, TYPE_NOT_FOUND.
  func declared(_ nodes: [ColumnDeclaration], besides others: [CatalogColumn]) throws(SQLError)
    -> [CatalogColumn]
  {
    var taken = Set(others.map(\.name))
    var columns: [CatalogColumn] = []
    for node in nodes {
      let name = node.name.value.lowercased()
      guard taken.insert(name).inserted else {
        throw SQLError(
          .duplicateColumnName,
          "Column name '\(name)' specified more than once",
          at: node.name.range
        )
      }
      columns.append(
        CatalogColumn(name: name, type: try node.type.hiveText(), comment: node.comment?.value)
      )
    }
    return columns
  }

  private func declaredPartitionColumns(
    _ nodes: [PartitionElement],
    besides columns: [CatalogColumn]
  ) throws(SQLError) -> [CatalogColumn] {
    var declarations: [ColumnDeclaration] = []
    for node in nodes {
      guard case .column(let column) = node else {
        throw .notSupported(
          "PARTITIONED BY without a type",
          at: node.range,
          hint: "Write the type behind the name: PARTITIONED BY (year int)."
        )
      }
      declarations.append(column)
    }
    let partitionColumns = try declared(declarations, besides: columns)
    for (column, node) in zip(partitionColumns, declarations)
    where DeclaredType(column.type).sqlType?.isPartitionType != true {
      throw .notSupported("Partition column of type \(column.type)", at: node.type.range)
    }
    return partitionColumns
  }

  private func columnsOfFiles(
    below location: ObjectPath,
    of node: CreateTableStatement,
    without partitionColumns: [CatalogColumn]
  ) throws(SQLError) -> [CatalogColumn] {
    try located(node.location) { () throws(SQLError) in
      let found = try catalog.files.columns(
        ofFilesBelow: location,
        without: Set(partitionColumns.map(\.name))
      )
      guard let found, !found.fields.isEmpty else {
        throw SQLError(
          .tableHasNoColumns,
          "There is no data file that would give the columns below '\(node.location.value)'",
          hint: "List the columns: CREATE EXTERNAL TABLE \(SQLPrinter.text(of: node.name)) (…)."
        )
      }
      var columns: [CatalogColumn] = []
      for (index, field) in found.fields.enumerated() {
        guard found.obstacles[index] == nil, let type = field.type.hiveName else {
          throw .notSupported(
            "Column '\(field.name)' (\(found.obstacles[index] ?? field.type.description))",
            hint: "List the columns, without that one or with its type in Hive's spelling."
          )
        }
        columns.append(CatalogColumn(name: field.name, type: type))
      }
      return columns
    }
  }
}
