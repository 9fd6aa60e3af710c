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
            location: places.resolved(row[1])
          )
        )
      }
      return partitions
    }
  }

  /// What becomes of partitions that a statement names and that are not as it expects.
  public enum Unexpected: Sendable {
    /// The statement then changes nothing at all.
    case refuses
    case isPassedOver
  }

  /// Adds partitions to a table; those that it has stay as they are.
  ///
  /// - Parameter existing: what follows from partitions that are there already.
  /// - Returns: the positions of those.
  @discardableResult
  public func add(
    _ partitions: [PartitionDefinition],
    toTable id: Int64,
    ifExisting existing: Unexpected
  ) throws(SQLError) -> [Int] {
    try write { database in
      try changing(database, existing) {
        try partitions.indices.filter { try !insert(partitions[$0], table: id, places, database) }
      }
    }
  }

  /// Removes partitions of a table; their files stay.
  ///
  /// - Parameter missing: what follows from values that there is no partition for.
  /// - Returns: the positions of those.
  @discardableResult
  public func dropPartitions(
    _ values: [[String?]],
    ofTable id: Int64,
    ifMissing missing: Unexpected
  ) throws(SQLError) -> [Int] {
    try write { database in
      try changing(database, missing) {
        try values.indices.filter { index in
          try database.execute(
            sql: "DELETE FROM partitions WHERE relation = ? AND partition_values = ?",
            arguments: [id, partitionText(values[index])]
          )
          return database.changesCount == 0
        }
      }
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
        arguments: [places.stored(location), id, partitionText(values)]
      )
      return database.changesCount > 0
    }
  }

  /// How renaming a partition ended.
  public enum Renaming: Sendable {
    case isDone
    case isMissing
    /// There is a partition of the new values already.
    case isTaken
  }

  /// Gives a partition other values; its files stay where they are.
  public func rename(partition values: [String?], to new: [String?], ofTable id: Int64)
    throws(SQLError) -> Renaming
  {
    try write { database in
      guard try hasPartition(values, table: id, database) else { return .isMissing }
      if partitionText(values) == partitionText(new) { return .isDone }
      guard try !hasPartition(new, table: id, database) else { return .isTaken }
      try database.execute(
        sql:
          "UPDATE partitions SET partition_values = ? WHERE relation = ? AND partition_values = ?",
        arguments: [partitionText(new), id, partitionText(values)]
      )
      return .isDone
    }
  }
}

/// Runs a change that returns what it did not find as expected, and takes it back if that refuses.
private func changing(
  _ database: Database,
  _ unexpected: CatalogDatabase.Unexpected,
  _ body: () throws -> [Int]
) throws -> [Int] {
  var found: [Int] = []
  try database.inSavepoint {
    found = try body()
    return found.isEmpty || unexpected == .isPassedOver ? .commit : .rollback
  }
  return found
}

private func hasPartition(_ values: [String?], table: Int64, _ database: Database) throws -> Bool {
  try location(ofPartition: values, table: table, database) != nil
}

/// Where a partition is, as the file has it; nil if there is none.
func location(ofPartition values: [String?], table: Int64, _ database: Database) throws -> String? {
  try String.fetchOne(
    database,
    sql: "SELECT location FROM partitions WHERE relation = ? AND partition_values = ?",
    arguments: [table, partitionText(values)]
  )
}

/// Adds a partition.
///
/// - Returns: false if it is there already.
func insert(
  _ partition: PartitionDefinition,
  table: Int64,
  _ places: CatalogPlaces,
  _ database: Database
) throws -> Bool {
  try database.execute(
    sql: "INSERT OR IGNORE INTO partitions VALUES (?, ?, ?, unixepoch())",
    arguments: [table, partitionText(partition.values), places.stored(partition.location)]
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
