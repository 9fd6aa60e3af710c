public import ApusStorage
public import ApusValues
import GRDB

extension CatalogDatabase {
  /// The partitions of a table, in the order of their values' texts.
  public func partitions(ofTable id: Int64) throws(SQLError) -> [PartitionDefinition] {
    try read(orIfThereIsNoFile: []) { database in
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT partition_values, location FROM partitions
          WHERE relation = ? ORDER BY partition_values
          """,
        arguments: [id]
      )
      var partitions: [PartitionDefinition] = []
      while let row = try rows.next() {
        partitions.append(
          PartitionDefinition(
            values: partitionValues(row[0]),
            location: ObjectPath(row[1])
          )
        )
      }
      return partitions
    }
  }

  /// Adds partitions to a table; of those that it has, nothing changes.
  ///
  /// - Parameter existing: whether partitions that are there already are passed over.
  /// - Throws: ALREADY_EXISTS for the first that is there, and then adds none.
  /// - Returns: how many were new.
  @discardableResult
  public func add(
    _ partitions: [PartitionDefinition],
    toTable id: Int64,
    passingOverExisting existing: Bool
  ) throws(SQLError) -> Int {
    try write { database in
      var count = 0
      for partition in partitions {
        if try insert(partition, table: id, database) {
          count += 1
        } else if !existing {
          throw SQLError(.alreadyExists, "Partition already exists: \(partition.values)")
        }
      }
      return count
    }
  }

  /// Removes partitions of a table; their files stay.
  ///
  /// - Returns: those of the values that there was no partition for.
  public func dropPartitions(_ values: [[String?]], ofTable id: Int64) throws(SQLError)
    -> [[String?]]
  {
    try write { database in
      var missing: [[String?]] = []
      for value in values {
        try database.execute(
          sql: "DELETE FROM partitions WHERE relation = ? AND partition_values = ?",
          arguments: [id, partitionText(value)]
        )
        if database.changesCount == 0 { missing.append(value) }
      }
      return missing
    }
  }

  /// Moves a partition to another place.
  ///
  /// - Returns: false if the table has no such partition.
  public func setLocation(
    _ location: ObjectPath,
    ofPartition values: [String?],
    ofTable id: Int64
  ) throws(SQLError) -> Bool {
    try write { database in
      try database.execute(
        sql: "UPDATE partitions SET location = ? WHERE relation = ? AND partition_values = ?",
        arguments: [location.text, id, partitionText(values)]
      )
      return database.changesCount > 0
    }
  }

  /// Gives a partition other values; its files stay where they are.
  ///
  /// - Returns: false if the table has no such partition.
  public func rename(partition values: [String?], to new: [String?], ofTable id: Int64)
    throws(SQLError) -> Bool
  {
    try write { database in
      try database.execute(
        sql:
          "UPDATE partitions SET partition_values = ? WHERE relation = ? AND partition_values = ?",
        arguments: [partitionText(new), id, partitionText(values)]
      )
      return database.changesCount > 0
    }
  }
}

/// Adds a partition.
///
/// - Returns: false if it is there already.
func insert(_ partition: PartitionDefinition, table: Int64, _ database: Database) throws -> Bool {
  try database.execute(
    sql: "INSERT OR IGNORE INTO partitions VALUES (?, ?, ?, unixepoch())",
    arguments: [table, partitionText(partition.values), partition.location.text]
  )
  return database.changesCount > 0
}

/// Partition values in one text, as in the names of directories: `2013/1`.
private func partitionText(_ values: [String?]) -> String {
  values.map { HivePartitionPath.encoded($0) }.joined(separator: "/")
}

private func partitionValues(_ text: String) -> [String?] {
  text.split(separator: "/", omittingEmptySubsequences: false).map {
    $0 == HivePartitionPath.null ? nil : HivePartitionPath.decoded($0)
  }
}
