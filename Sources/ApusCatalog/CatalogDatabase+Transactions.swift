public import ApusStorage
public import ApusValues
import GRDB

// How files are written so that they appear all or not at all (see Decisions/0007).
//
//   begin    a row in `transactions`, state `preparing`, and a lock that dies with the process
//   prepare  files are stored where nobody sees them; each has its row before its first byte
//   commit   ONE SQLite transaction: state `committed`, the final list of files, the table or the
//            partitions that come with them. From here on every reader sees the files.
//   complete files are renamed or their uploads completed, replaced ones removed, by the writer or by
//            whoever opens the table next; then the rows are deleted
//   abort    state `aborted`, files thrown away, rows deleted; done for a writer that died by whoever
//            comes next
//
// A data file's name has the number of its transaction. A reader takes a snapshot of the catalog
// first, then lists: files of transactions that the snapshot does not show as committed are left out.

/// A file of a transaction.
public struct TransactionFile: Sendable, Hashable {
  public var path: ObjectPath
  /// How it is completed or discarded; nil for a file that the transaction replaces.
  public var prepared: PreparedObject?
}

/// A transaction that somebody has to complete or to undo.
public struct UnfinishedTransaction: Sendable {
  public var id: Int64
  /// The directory that it writes below; partitions may have files elsewhere.
  public var location: ObjectPath
  public var isCommitted: Bool
  public var files: [TransactionFile]

  /// Whether it has to do with files above or below a directory.
  public func isNear(_ directory: ObjectPath) -> Bool {
    location.isWithin(directory) || directory.isWithin(location)
      || files.contains { $0.path.isWithin(directory) }
  }
}

/// Which data files a statement sees.
public struct TransactionSnapshot: Sendable, Hashable {
  /// Part of the names of this catalog's data files; nil without a catalog.
  public var catalogID: String?
  /// Transactions that began later are not seen.
  public var latest: Int64
  /// Transactions up to `latest` that had not committed.
  public var uncommitted: Set<Int64>
  /// Grows with each commit that replaces files. A listing is sound if it is the same afterwards.
  public var replacementCount: Int

  /// Whether a file of that transaction is seen.
  public func shows(_ transaction: Int64) -> Bool {
    transaction <= latest && !uncommitted.contains(transaction)
  }
}

/// A transaction that is being prepared.
public struct OpenTransaction: Sendable {
  public let id: Int64
  /// Part of the names of its files.
  public let catalogID: String
  let lock: TransactionLock
}

/// What a commit makes beside the files.
public struct CommittedChange: Sendable {
  /// A table that is made with the files.
  public var table: TableDefinition?
  /// The table that `partitions` belong to; 0 is the one that is made.
  public var tableID: Int64
  /// Where the table must be for the files to be seen; nil where only partitions matter.
  public var tableLocation: ObjectPath?
  /// Partitions that the files make. One that another statement has made meanwhile must be at the
  /// same place.
  public var partitions: [PartitionDefinition]
  /// Partitions that were there and got files, and must be there still.
  public var knownPartitions: [PartitionDefinition]

  public init(
    table: TableDefinition? = nil,
    tableID: Int64 = 0,
    tableLocation: ObjectPath? = nil,
    partitions: [PartitionDefinition] = [],
    knownPartitions: [PartitionDefinition] = []
  ) {
    self.table = table
    self.tableID = tableID
    self.tableLocation = tableLocation
    self.partitions = partitions
    self.knownPartitions = knownPartitions
  }
}

extension CatalogDatabase {
  /// Begins to write files below a directory.
  public func begin(writingBelow location: ObjectPath) throws(SQLError) -> OpenTransaction {
    // The lock must be there before another process can see the row, so the row is committed only
    // with the lock taken.
    try write { database in
      let catalogID = try String.fetchOne(database, sql: "SELECT id FROM catalog")
      try database.execute(
        sql: """
          INSERT INTO transactions (state, location, started_at)
          VALUES ('preparing', ?, unixepoch())
          """,
        arguments: [places.stored(location.asDirectory)]
      )
      let id = database.lastInsertedRowID
      return OpenTransaction(id: id, catalogID: catalogID ?? "", lock: try self.locks.lock(id))
    }
  }

  /// Notes files that are being prepared, so that they can be thrown away whatever happens.
  public func note(_ prepared: PreparedObject, of transaction: OpenTransaction) throws(SQLError) {
    try write { database in
      try checkPreparing(transaction.id, database)
      try insert(prepared, transaction.id, places, database)
    }
  }

  /// Makes the files of a transaction visible, and with them what `change` says.
  ///
  /// - Parameters:
  ///   - prepared: all files, finished.
  ///   - replaced: files that are no longer seen from here on.
  /// - Returns: what is to be completed now.
  /// - Throws: TABLE_ALREADY_EXISTS; HIVE_PATH_ALREADY_EXISTS if another statement has made a table
  ///   of the same place; HIVE_TABLE_DROPPED_DURING_QUERY and HIVE_PARTITION_DROPPED_DURING_QUERY if
  ///   what the files are for is gone; HIVE_CONCURRENT_MODIFICATION_DETECTED if it has moved, and if
  ///   another transaction replaces one of the files too.
  public func commit(
    _ transaction: OpenTransaction,
    _ prepared: [PreparedObject],
    replacing replaced: [ObjectPath] = [],
    _ change: CommittedChange
  ) throws(SQLError) -> UnfinishedTransaction {
    try write { database in
      try checkPreparing(transaction.id, database)
      var tableID = change.tableID
      if let table = change.table {
        guard try !exists(table.name, database) else {
          throw SQLError(.tableAlreadyExists, "Table '\(table.name)' already exists")
        }
        try checkUnclaimed(table, places, database)
        tableID = try ApusCatalog.insert(table, places, database, madeBy: transaction.id)
      } else if tableID != 0 {
        try checkTable(tableID, at: change.tableLocation, places, database)
      }
      for partition in change.partitions
      where try !ApusCatalog.insert(partition, table: tableID, places, database) {
        try check(partition, table: tableID, places, database)
      }
      for partition in change.knownPartitions {
        try check(partition, table: tableID, places, database)
      }
      for file in prepared { try insert(file, transaction.id, places, database) }
      for path in replaced {
        let taken = try Int64.fetchOne(
          database,
          sql: "SELECT transaction_id FROM transaction_files WHERE path = ? AND token IS NULL",
          arguments: [places.stored(path)]
        )
        guard taken == nil else {
          throw SQLError(
            .hiveConcurrentModificationDetected,
            "Another statement has replaced \(path) meanwhile"
          )
        }
        try database.execute(
          sql: "INSERT INTO transaction_files VALUES (?, ?, 0, NULL)",
          arguments: [transaction.id, places.stored(path)]
        )
      }
      if !replaced.isEmpty {
        try database.execute(sql: "UPDATE replacements SET count = count + 1")
      }
      try database.execute(
        sql: "UPDATE transactions SET state = 'committed' WHERE id = ?",
        arguments: [transaction.id]
      )
      return try unfinished(transaction.id, isCommitted: true, places, database)
    }
  }

  /// Gives a transaction up; its files are to be discarded and then forgotten.
  ///
  /// - Returns: the files, or nil if the transaction has committed.
  public func abort(_ id: Int64) throws(SQLError) -> UnfinishedTransaction? {
    try write { database in
      try database.execute(
        sql: "UPDATE transactions SET state = 'aborted' WHERE id = ? AND state = 'preparing'",
        arguments: [id]
      )
      let state = try String.fetchOne(
        database,
        sql: "SELECT state FROM transactions WHERE id = ?",
        arguments: [id]
      )
      guard state == "aborted" else { return nil }
      return try unfinished(id, isCommitted: false, places, database)
    }
  }

  /// Forgets a transaction whose files are all complete, or all gone.
  public func forget(_ id: Int64) throws(SQLError) {
    try write { database in
      try database.execute(
        sql: "DELETE FROM transactions WHERE id = ? AND state <> 'preparing'",
        arguments: [id]
      )
    }
  }

  /// Whether a transaction still waits for its end.
  public func isUnfinished(_ id: Int64) throws(SQLError) -> Bool {
    try read(orIfThereIsNoFile: false) { database in
      try Bool.fetchOne(
        database,
        sql: "SELECT EXISTS (SELECT 1 FROM transactions WHERE id = ?)",
        arguments: [id]
      ) ?? false
    }
  }

  /// Takes a snapshot of all transactions.
  public func snapshot() throws(SQLError) -> TransactionSnapshot {
    let nothing = TransactionSnapshot(latest: 0, uncommitted: [], replacementCount: 0)
    return try read(orIfThereIsNoFile: nothing) { database in
      TransactionSnapshot(
        catalogID: try String.fetchOne(database, sql: "SELECT id FROM catalog"),
        latest: try Int64.fetchOne(
          database,
          sql: "SELECT seq FROM sqlite_sequence WHERE name = 'transactions'"
        ) ?? 0,
        uncommitted: try Int64.fetchSet(
          database,
          sql: "SELECT id FROM transactions WHERE state <> 'committed'"
        ),
        replacementCount: try Int.fetchOne(database, sql: "SELECT count FROM replacements") ?? 0
      )
    }
  }

  /// Transactions with files near a directory, above or below it, that are to be completed, and
  /// those whose writer is gone or has given up.
  ///
  /// Whose end cannot be told or noted, as in a catalog that may only be read, is left out: nobody
  /// sees its files.
  ///
  /// - Parameter location: nil is anywhere.
  public func unfinishedTransactions(near location: ObjectPath?) throws(SQLError)
    -> [UnfinishedTransaction]
  {
    typealias Candidate = (isPreparing: Bool, transaction: UnfinishedTransaction)
    let all: [Candidate] = try read(orIfThereIsNoFile: []) { database in
      try Row.fetchAll(database, sql: "SELECT id, state FROM transactions").map { row in
        let state: String = row["state"]
        return (
          state == "preparing",
          try unfinished(row["id"], isCommitted: state == "committed", places, database)
        )
      }
    }
    var found: [UnfinishedTransaction] = []
    for (isPreparing, transaction) in all {
      if let location, !transaction.isNear(location) { continue }
      if !isPreparing {
        found.append(transaction)
      } else if (try? locks.isLocked(transaction.id)) == false,
        let aborted = try? abort(transaction.id)
      {
        found.append(aborted)
      }
    }
    return found
  }
}

/// - Throws: HIVE_PATH_ALREADY_EXISTS if the place is that of a table which was made with its files.
private func checkUnclaimed(
  _ table: TableDefinition,
  _ places: CatalogPlaces,
  _ database: Database
) throws {
  let isClaimed = try Bool.fetchOne(
    database,
    sql: "SELECT EXISTS (SELECT 1 FROM tables WHERE location = ? AND made_by IS NOT NULL)",
    arguments: [places.stored(table.location)]
  )
  guard isClaimed != true else {
    throw SQLError(
      .hivePathAlreadyExists,
      "Another statement has made a table of \(table.location)"
    )
  }
}

/// - Throws: HIVE_TABLE_DROPPED_DURING_QUERY, HIVE_CONCURRENT_MODIFICATION_DETECTED.
private func checkTable(
  _ id: Int64,
  at expected: ObjectPath?,
  _ places: CatalogPlaces,
  _ database: Database
) throws {
  guard
    let location = try String.fetchOne(
      database,
      sql: "SELECT location FROM tables WHERE relation = ?",
      arguments: [id]
    )
  else { throw SQLError(.hiveTableDroppedDuringQuery, "The table was dropped meanwhile") }
  if let expected, places.resolved(location).asDirectory != expected.asDirectory {
    throw SQLError(
      .hiveConcurrentModificationDetected,
      "The table was moved meanwhile",
      hint: "Run the statement again."
    )
  }
}

/// - Throws: HIVE_PARTITION_DROPPED_DURING_QUERY, HIVE_CONCURRENT_MODIFICATION_DETECTED.
private func check(
  _ partition: PartitionDefinition,
  table: Int64,
  _ places: CatalogPlaces,
  _ database: Database
) throws {
  guard let location = try location(ofPartition: partition.values, table: table, database) else {
    throw SQLError(
      .hivePartitionDroppedDuringQuery,
      "The partition at \(partition.location) was dropped meanwhile",
      hint: "Run the statement again."
    )
  }
  guard places.resolved(location).asDirectory == partition.location.asDirectory else {
    throw SQLError(
      .hiveConcurrentModificationDetected,
      "The partition at \(partition.location) was moved meanwhile",
      hint: "Run the statement again."
    )
  }
}

/// - Throws: HIVE_CONCURRENT_MODIFICATION_DETECTED if another process took the writer for dead.
private func checkPreparing(_ id: Int64, _ database: Database) throws {
  let state = try String.fetchOne(
    database,
    sql: "SELECT state FROM transactions WHERE id = ?",
    arguments: [id]
  )
  guard state == "preparing" else {
    throw SQLError(
      .hiveConcurrentModificationDetected,
      "The statement's transaction was ended by another process"
    )
  }
}

private func insert(
  _ file: PreparedObject,
  _ id: Int64,
  _ places: CatalogPlaces,
  _ database: Database
) throws {
  try database.execute(
    sql: "INSERT OR REPLACE INTO transaction_files VALUES (?, ?, ?, ?)",
    arguments: [id, places.stored(file.path), file.size, file.token]
  )
}

private func unfinished(
  _ id: Int64,
  isCommitted: Bool,
  _ places: CatalogPlaces,
  _ database: Database
) throws -> UnfinishedTransaction {
  let location = try String.fetchOne(
    database,
    sql: "SELECT location FROM transactions WHERE id = ?",
    arguments: [id]
  )
  let files = try Row.fetchAll(
    database,
    sql: "SELECT path, size, token FROM transaction_files WHERE transaction_id = ?",
    arguments: [id]
  ).map { row in
    let path = places.resolved(row["path"])
    return TransactionFile(
      path: path,
      prepared: (row["token"] as String?).map {
        PreparedObject(path: path, size: row["size"], token: $0)
      }
    )
  }
  return UnfinishedTransaction(
    id: id,
    location: places.resolved(location ?? ""),
    isCommitted: isCommitted,
    files: files
  )
}
