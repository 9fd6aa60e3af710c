import ApusCatalog
import ApusStorage
import ApusSyntax
import ApusValues

extension StatementExecution {
  /// Runs ALTER TABLE. Only the catalog changes; files stay as and where they are.
  func run(_ node: AlterTableStatement) throws(SQLError) -> QueryResult {
    try refuseUnsupported(node)
    let table = try declaredTable(node.name)
    switch node.alteration {
    case .addPartitions(let partitions, let ifNotExists):
      return try add(partitions, to: table, passingOverExisting: ifNotExists)
    case .dropPartitions(let partitions, let ifExists):
      return try drop(partitions, of: table, passingOverMissing: ifExists)
    case .renamePartition(let old, let new):
      return try rename(old, to: new, of: table)
    case .setLocation(let location, nil):
      try engine.catalog.setLocation(try directory(location), ofTable: table.id)
      return try done(.setLocation)
    case .setLocation(let location, let partition?):
      return try setLocation(location, of: partition, table)
    case .setProperties(let properties):
      try engine.catalog.setProperties(try checkedProperties(properties), ofTable: table.id)
      return try done(.setTableProperties)
    case .addColumns(let columns, let partition):
      try refuseColumns(of: partition)
      let all = table.columns + table.partitionColumns
      for column in columns where all.contains(where: { $0.name == column.name.value.lowercased() })
      {
        throw SQLError(
          .columnAlreadyExists,
          "Column '\(column.name.value.lowercased())' already exists",
          at: column.name.range
        )
      }
      let new = table.columns + (try declared(columns, besides: all))
      try engine.catalog.setColumns(new, ofTable: table)
      return try done(.addColumns)
    case .replaceColumns(let columns, let partition):
      try refuseColumns(of: partition)
      let new = try declared(columns, besides: table.partitionColumns)
      try engine.catalog.setColumns(new, ofTable: table)
      return try done(.replaceColumns)
    case .changeColumn, .dropColumn, .renameColumn, .rename, .unsetProperties,
      .setSerdeProperties, .setFileFormat:
      throw .notSupported("This change of a table", at: node.range)
    }
  }

  private func add(
    _ nodes: [AddedPartition],
    to table: TableDefinition,
    passingOverExisting: Bool
  ) throws(SQLError) -> QueryResult {
    var partitions: [PartitionDefinition] = []
    for node in nodes {
      let fields = try partitionFields(of: table, at: node.partition)
      let values = try partitionValues(node.partition, of: fields)
      let location = try node.location.map { location throws(SQLError) in
        try directory(location)
      }
      partitions.append(
        PartitionDefinition(
          values: values,
          location: location ?? defaultLocation(of: values, fields, table)
        )
      )
    }
    let existing = try engine.catalog.add(
      partitions,
      toTable: table.id,
      ifExisting: passingOverExisting ? .isPassedOver : .refuses
    )
    if !passingOverExisting, let first = existing.first {
      let fields = try catalog.partitionFields(of: table)
      throw SQLError(
        .alreadyExists,
        "Partition already exists: \(partitionName(partitions[first].values, of: fields))",
        at: nodes[first].partition.range
      )
    }
    return try done(.addPartitions)
  }

  /// Where the files of a partition are if nothing else is said.
  private func defaultLocation(of values: [String?], _ fields: [Field], _ table: TableDefinition)
    -> ObjectPath
  {
    table.location.appending(partitionName(values, of: fields)).asDirectory
  }

  private func drop(
    _ nodes: [PartitionSpecification],
    of table: TableDefinition,
    passingOverMissing: Bool
  ) throws(SQLError) -> QueryResult {
    let values = try nodes.map { node throws(SQLError) in
      // Hive drops all that match an incomplete specification.
      try partitionValues(
        node,
        of: try partitionFields(of: table, at: node),
        incomplete: .notSupported
      )
    }
    let missing = try engine.catalog.dropPartitions(
      values,
      ofTable: table.id,
      ifMissing: passingOverMissing ? .isPassedOver : .refuses
    )
    if !passingOverMissing, let first = missing.first {
      throw try partitionNotFound(values[first], of: table, at: nodes[first])
    }
    return try done(.dropPartitions)
  }

  private func rename(
    _ old: PartitionSpecification,
    to new: PartitionSpecification,
    of table: TableDefinition
  ) throws(SQLError) -> QueryResult {
    let fields = try partitionFields(of: table, at: old)
    let oldValues = try partitionValues(old, of: fields)
    let newValues = try partitionValues(new, of: fields)
    switch try engine.catalog.rename(partition: oldValues, to: newValues, ofTable: table.id) {
    case .isDone: return try done(.renamePartition)
    case .isMissing: throw try partitionNotFound(oldValues, of: table, at: old)
    case .isTaken:
      throw SQLError(
        .alreadyExists,
        "Partition already exists: \(partitionName(newValues, of: fields))",
        at: new.range
      )
    }
  }

  private func setLocation(
    _ location: StringLiteral,
    of node: PartitionSpecification,
    _ table: TableDefinition
  ) throws(SQLError) -> QueryResult {
    let values = try partitionValues(node, of: try partitionFields(of: table, at: node))
    let isDone = try engine.catalog.setLocation(
      try directory(location),
      ofPartition: values,
      ofTable: table.id
    )
    guard isDone else { throw try partitionNotFound(values, of: table, at: node) }
    return try done(.setLocation)
  }

  private func partitionNotFound(
    _ values: [String?],
    of table: TableDefinition,
    at node: PartitionSpecification
  ) throws(SQLError) -> SQLError {
    let name = partitionName(values, of: try catalog.partitionFields(of: table))
    return SQLError(
      .hivePartitionNotFound,
      "Partition not found: \(name)",
      at: node.range,
      hint: "SHOW PARTITIONS lists those of '\(table.name)'."
    )
  }

  /// All partitions have the columns of their table.
  private func refuseColumns(of partition: PartitionSpecification?) throws(SQLError) {
    guard let partition else { return }
    throw .notSupported(
      "Columns of one partition",
      at: partition.range,
      hint: "Without PARTITION the columns of the table change, which all partitions have."
    )
  }
}
