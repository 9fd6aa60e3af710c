import ApusCatalog
import ApusConnectors
import ApusPlanner
import ApusStorage
import ApusSyntax
import ApusValues

extension StatementExecution {
  /// Runs CREATE TABLE AS: writes the query's rows and makes the table with them, both or neither.
  func run(_ node: CreateTableAsStatement) throws(SQLError) -> QueryResult {
    guard let name = try newTableName(node) else { return try wrote(0, .createTableAs) }
    guard node.withData else {
      let (definition, _) = try planned(node, name) { _ throws(SQLError) in UnwrittenTarget(name) }
      guard try engine.catalog.create(definition) else {
        throw try taken(name, at: node.name.range)
      }
      return try wrote(0, .createTableAs)
    }
    return try write(try prepared(node, name), .createTableAs)
  }

  /// The name of the table to be made; nil if it is there already and may be.
  func newTableName(_ node: CreateTableAsStatement) throws(SQLError) -> RelationName? {
    let name = try resolve(node.name)
    guard try found(name, at: node.name) != nil else { return name }
    if node.ifNotExists { return nil }
    throw try taken(name, at: node.name.range)
  }

  /// Plans the query with a transaction that its rows go to.
  func prepared(_ node: CreateTableAsStatement, _ name: RelationName) throws(SQLError)
    -> PreparedWrite
  {
    var target: FilesWriteTarget?
    let (definition, plan) = try planned(node, name) { new throws(SQLError) in
      let made = try FilesWriteTarget(
        try catalog.declared(new.definition),
        catalog.files,
        compression: new.compression,
        memoryLimit: properties.memoryLimit
      )
      target = made
      return made
    }
    guard let target else { throw .internal("no target to write to") }
    return PreparedWrite(plan: plan, target: target, newTable: definition, tableID: 0)
  }

  /// Plans the query of CREATE TABLE AS and describes the table that comes of it.
  func planned(
    _ node: CreateTableAsStatement,
    _ name: RelationName,
    target: (NewTable) throws(SQLError) -> any TableWriteTarget
  ) throws(SQLError) -> (TableDefinition, LogicalPlan) {
    let properties = try WrittenTableProperties(node.properties)
    var definition: TableDefinition?
    let plan = try planner().planWrite(
      node.query,
      columns: { schema throws(SQLError) in
        let fields = try tableFields(schema, node)
        let made = try self.definition(
          name,
          fields.map { CatalogColumn(name: $0.name, type: $0.type.hiveName ?? "") },
          properties,
          node.comment,
          at: node.query.range
        )
        definition = made
        return fields.enumerated().map { WrittenColumn(field: $1, source: $0) }
      },
      target: { _ throws(SQLError) in
        guard let definition else { throw .internal("a table without definition") }
        return try target(NewTable(definition: definition, compression: properties.compression))
      }
    )
    try cancellation.check()
    guard let definition else { throw .internal("a table without definition") }
    return (definition, plan)
  }

  /// A table that is about to be written.
  struct NewTable {
    var definition: TableDefinition
    var compression: FileCompression
  }

  /// The columns that a query gives a table.
  private func tableFields(_ schema: Schema, _ node: CreateTableAsStatement) throws(SQLError)
    -> [Field]
  {
    var fields = schema.fields
    if !node.columnAliases.isEmpty {
      guard node.columnAliases.count == fields.count else {
        throw SQLError(
          .mismatchedColumnAliases,
          "Column alias list has \(node.columnAliases.count) entries but relation has "
            + "\(fields.count) columns",
          at: node.name.range
        )
      }
      for (index, alias) in node.columnAliases.enumerated() { fields[index].name = alias.value }
    }
    try checkNames(Schema(fields), of: node.query)
    for index in fields.indices {
      fields[index].name = fields[index].name.lowercased()
      if fields[index].type == .unknown {
        throw SQLError(
          .columnTypeUnknown,
          "Column type is unknown at position \(index + 1)",
          at: node.query.range,
          hint: "Write CAST(NULL AS …)."
        )
      }
      // A varchar of a known length is a text like any other, as is a literal's.
      if case .varchar = fields[index].type { fields[index].type = .text }
      guard fields[index].type.hiveName != nil else {
        throw .notSupported(
          "Writing column '\(fields[index].name)' of type \(fields[index].type)",
          at: node.query.range
        )
      }
    }
    return fields
  }

  /// Describes a table of columns, of which the last may be those of partitions.
  ///
  /// - Parameter range: what the columns come from.
  func definition(
    _ name: RelationName,
    _ columns: [CatalogColumn],
    _ properties: WrittenTableProperties,
    _ comment: StringLiteral?,
    at range: SourceRange
  ) throws(SQLError) -> TableDefinition {
    let keys = properties.partitionedBy
    for key in keys where !columns.contains(where: { $0.name == key.value }) {
      throw SQLError(
        .columnNotFound,
        "Partition column '\(key.value)' is no column of the table",
        at: key.range
      )
    }
    for key in keys {
      guard let column = columns.first(where: { $0.name == key.value }) else { continue }
      let type = DeclaredType(column.type).sqlType
      guard type?.isPartitionType != true else { continue }
      throw .notSupported(
        "Partition column of type \(type?.description ?? column.type)",
        at: key.range
      )
    }
    guard columns.count > keys.count else {
      throw SQLError(.invalidTableProperty, "Table contains only partition columns", at: range)
    }
    guard columns.suffix(keys.count).map(\.name) == keys.map(\.value) else {
      throw SQLError(
        .hiveColumnOrderMismatch,
        "Partition keys must be the last columns in the table and in the same order as the table "
          + "properties: [\(keys.map(\.value).joined(separator: ", "))]",
        at: range
      )
    }
    return TableDefinition(
      name: name,
      columns: Array(columns.dropLast(keys.count)),
      partitionColumns: Array(columns.suffix(keys.count)),
      location: try location(of: name, properties.externalLocation),
      storage: ["format": "parquet"],
      properties: ["parquet.compression": properties.compression.rawValue],
      comment: comment?.value,
      owner: engine.configuration.user
    )
  }

  /// Where a new table goes: an empty directory.
  func location(of name: RelationName, _ external: StringLiteral?) throws(SQLError)
    -> ObjectPath
  {
    if let external {
      let place = try located(external) { () throws(SQLError) in
        try ObjectPath.absolute(external.value)
      }.asDirectory
      guard try isEmpty(place) else {
        throw SQLError(
          .hivePathAlreadyExists,
          "Target directory for table '\(name)' already exists: \(place)",
          at: external.range
        )
      }
      return place
    }
    let database = try engine.catalog.database(named: name.database)?.location
    let parent = database.map { ObjectPath($0) } ?? engine.warehouseRoot.appending(name.database)
    // Files of a dropped table stay; a new one of its name goes beside them.
    var number = 1
    while true {
      let directory = number == 1 ? name.name : "\(name.name)-\(number)"
      let place = parent.appending(HivePartitionPath.encoded(directory)).asDirectory
      if try isEmpty(place) { return place }
      number += 1
    }
  }

  private func isEmpty(_ directory: ObjectPath) throws(SQLError) -> Bool {
    do {
      return try catalog.store.list(directory).isEmpty
    } catch {
      if error.reason == .notFound { return true }
      throw SQLError(.hiveFilesystemError, "\(error)")
    }
  }
}

/// Stands for a table in plans that are not run.
struct UnwrittenTarget: TableWriteTarget {
  let description: String

  init(_ name: RelationName) { description = "table \(name)" }

  init(description: String) { self.description = description }

  func makeWriter() throws(SQLError) -> any TableWriter {
    throw .internal("writing to a table that is only planned")
  }
}
