import ApusCatalog
import ApusConnectors
import ApusPlanner
import ApusStorage
import ApusValues

/// What names mean in one statement of a session: what the catalog declares, then what lies in the
/// warehouse.
struct SessionCatalog: Catalog {
  let database: CatalogDatabase
  let files: FilesConnector
  let store: any ObjectStore
  let warehouseRoot: ObjectPath
  var currentSchema: String
  /// A view that is about to be made, which its own query must not read.
  var viewBeingMade: RelationName?

  /// What lies in the warehouse and is not declared.
  func warehouse() throws(SQLError) -> Warehouse {
    Warehouse(
      warehouseRoot,
      store: store,
      claimed: Set(try database.claimedLocations().map { ObjectPath($0).asDirectory.text })
    )
  }

  /// Completes a name with the current schema and checks its outer parts.
  ///
  /// - Throws: CATALOG_NOT_FOUND, SCHEMA_NOT_FOUND.
  func resolve(_ name: [String]) throws(SQLError) -> RelationName {
    let full = try complete(name)
    if name.count > 1 { try checkSchema(full.database) }
    return full
  }

  /// Completes a name with the current schema and checks its catalog.
  func complete(_ name: [String]) throws(SQLError) -> RelationName {
    switch name.count {
    case 1:
      return RelationName(database: currentSchema, name: name[0])
    case 2:
      return RelationName(database: name[0], name: name[1])
    case 3:
      try checkCatalog(name[0])
      return RelationName(database: name[1], name: name[2])
    default:
      throw SQLError(
        .syntaxError,
        "Too many parts in table name: \(name.joined(separator: "."))"
      )
    }
  }

  func checkCatalog(_ name: String) throws(SQLError) {
    guard name != Warehouse.catalogName else { return }
    throw SQLError(
      .catalogNotFound,
      "Catalog '\(name)' not found",
      hint: "The only catalog is '\(Warehouse.catalogName)'."
    )
  }

  func checkSchema(_ name: String) throws(SQLError) {
    if try hasSchema(name) { return }
    let near = nearestName(to: name, among: try schemas())
    throw SQLError(
      .schemaNotFound,
      "Schema '\(name)' does not exist",
      hint: near.map { "Did you mean '\($0)'?" }
    )
  }

  func hasSchema(_ name: String) throws(SQLError) -> Bool {
    if name == Warehouse.defaultSchema || name == InformationSchema.name { return true }
    if try database.database(named: name) != nil { return true }
    return try warehouse().hasSchema(name)
  }

  /// The schemas, sorted; `information_schema`, which every catalog has, is not among them.
  func schemas() throws(SQLError) -> [String] {
    Set(try database.databaseNames()).union(try warehouse().schemas()).sorted()
  }

  func relation(_ name: [String], preferring values: [String: Value] = [:]) throws(SQLError)
    -> CatalogRelation?
  {
    let full = try complete(name)
    if full == viewBeingMade {
      throw SQLError(.viewIsRecursive, "Statement would create a recursive view")
    }
    try files.takeSnapshot()
    switch try database.relation(named: full) {
    case .view(let view)?:
      var inner = self
      inner.currentSchema = view.schema
      return .view(query: view.query, catalog: inner)
    case .table(let table)?:
      // One that came too late to be seen is no table, nor is its directory.
      return try files.shows(table) ? .table(files.table(try declared(table))) : nil
    case nil: break
    }
    if full.database == InformationSchema.name {
      return InformationSchema.table(named: full.name, self).map { .table($0) }
    }
    try checkSchema(full.database)
    if let table = try partitionsTable(full) { return .table(table) }
    if let table = try propertiesTable(full) { return .table(table) }
    guard let location = try warehouse().location(of: full.name, in: full.database) else {
      return nil
    }
    return .table(try files.table(atPath: location, preferring: values))
  }

  /// The table of the partitions of a table: `"flights$partitions"`, a row each.
  private func partitionsTable(_ name: RelationName) throws(SQLError) -> (any Table)? {
    let suffix = "$partitions"
    guard name.name.hasSuffix(suffix) else { return nil }
    let base = RelationName(
      database: name.database,
      name: String(name.name.dropLast(suffix.count))
    )
    guard case .table(let table)? = try database.relation(named: base) else {
      guard let location = try warehouse().location(of: base.name, in: base.database) else {
        return nil
      }
      return try files.partitionsTable(atPath: location)
    }
    let fields = try partitionFields(of: table)
    guard !fields.isEmpty else { return nil }
    return ComputedTable(Schema(fields)) { _ throws(SQLError) in
      try database.partitions(ofTable: table.id).map { partition throws(SQLError) in
        try values(partition.values, of: fields)
      }
    }
  }

  /// The table of the properties of a table: `"flights$properties"`, one row with a column for each.
  private func propertiesTable(_ name: RelationName) throws(SQLError) -> (any Table)? {
    let suffix = "$properties"
    guard name.name.hasSuffix(suffix) else { return nil }
    let base = RelationName(
      database: name.database,
      name: String(name.name.dropLast(suffix.count))
    )
    guard case .table(let table)? = try database.relation(named: base), !table.properties.isEmpty
    else { return nil }
    let properties = table.properties.sorted { $0.key < $1.key }
    return ComputedTable(Schema(properties.map { Field(name: $0.key, type: .text) })) {
      _ throws(SQLError) in [properties.map { .text($0.value) }]
    }
  }

  /// What a name stands for, without reading files.
  enum Found {
    case declared(TableDefinition)
    case view(ViewDefinition)
    /// A path in the warehouse.
    case undeclared(String)
  }

  /// Finds a table or view; nil if there is none of that name.
  func found(_ name: RelationName) throws(SQLError) -> Found? {
    switch try database.relation(named: name) {
    case .table(let table)?: .declared(table)
    case .view(let view)?: .view(view)
    case nil: try warehouse().location(of: name.name, in: name.database).map { .undeclared($0) }
    }
  }

  func table(atPath path: String, preferring values: [String: Value] = [:]) throws(SQLError)
    -> any Table
  {
    try files.table(atPath: path, preferring: values)
  }

  func relationNames() throws(SQLError) -> [String] {
    try relations(in: currentSchema)
  }

  func tableFunction(named name: String) -> TableFunction? {
    switch name {
    case "sequence", "system.builtin.sequence": SequenceTable.function
    default: nil
    }
  }

  var tableFunctionNames: [String] { ["sequence"] }

  /// The names of tables and views of a schema, sorted.
  func relations(in schema: String) throws(SQLError) -> [String] {
    Set(try tableNames(in: schema)).union(try viewNames(in: schema)).sorted()
  }

  /// The names of the tables of a schema, sorted.
  func tableNames(in schema: String) throws(SQLError) -> [String] {
    if schema == InformationSchema.name { return InformationSchema.tableNames }
    return Set(try database.relationNames(in: schema, areViews: false))
      .union(try warehouse().tables(in: schema)).sorted()
  }

  /// The names of the views of a schema, sorted.
  func viewNames(in schema: String) throws(SQLError) -> [String] {
    try database.relationNames(in: schema, areViews: true)
  }

  /// A table with its types and partitions as the engine reads them.
  func declared(_ table: TableDefinition) throws(SQLError) -> DeclaredTable {
    var columns: [Field] = []
    var obstacles: [Int: String] = [:]
    for (index, column) in table.columns.enumerated() {
      let type = DeclaredType(column.type)
      columns.append(Field(name: column.name, type: type.sqlType ?? .unknown))
      if type.sqlType == nil { obstacles[index] = "type \(column.type)" }
    }
    let partitionColumns = try partitionFields(of: table)
    let partitions =
      partitionColumns.isEmpty ? [] : try database.partitions(ofTable: table.id)
    return DeclaredTable(
      name: table.name.description,
      columns: columns,
      obstacles: obstacles,
      partitionColumns: partitionColumns,
      location: table.location,
      partitions: try partitions.map { partition throws(SQLError) in
        DeclaredPartition(
          values: try values(partition.values, of: partitionColumns),
          location: partition.location
        )
      }
    )
  }

  /// The partition columns of a table, with the types that their values are compared in.
  func partitionFields(of table: TableDefinition) throws(SQLError) -> [Field] {
    try table.partitionColumns.map { column throws(SQLError) in
      guard let type = DeclaredType(column.type).sqlType else {
        throw .notSupported("Partition column '\(column.name)' of type \(column.type)")
      }
      return Field(name: column.name, type: type)
    }
  }

  /// Reads partition values as values of their columns' types.
  ///
  /// - Throws: HIVE_INVALID_PARTITION_VALUE.
  func values(_ texts: [String?], of fields: [Field]) throws(SQLError) -> [Value] {
    try zip(texts, fields).map { text, field throws(SQLError) in
      guard let text else { return .null }
      guard let value = Value(partitionText: text, as: field.type) else {
        throw SQLError(
          .hiveInvalidPartitionValue,
          "Invalid partition value '\(text)' for \(field.type) partition key: \(field.name)"
        )
      }
      return value
    }
  }
}
