public import ApusStorage
public import ApusValues
import GRDB

extension CatalogDatabase {
  /// The names of a database's tables or views, sorted.
  public func relationNames(in database: String, areViews: Bool) throws(SQLError) -> [String] {
    try read(orIfThereIsNoFile: []) { connection in
      try String.fetchAll(
        connection,
        sql: "SELECT name FROM relations WHERE database = ? AND kind = ? ORDER BY name",
        arguments: [database, areViews ? "view" : "table"]
      )
    }
  }

  /// Returns what a name stands for, nil if nothing.
  public func relation(named name: RelationName) throws(SQLError) -> RelationDefinition? {
    try read(orIfThereIsNoFile: nil) { database in
      guard
        let row = try Row.fetchOne(
          database,
          sql: """
            SELECT id, comment, owner, created_at, location, storage, made_by, query, schema
            FROM relations LEFT JOIN tables ON tables.relation = id
              LEFT JOIN views ON views.relation = id
            WHERE database = ? AND name = ?
            """,
          arguments: [name.database, name.name]
        )
      else { return nil }
      let id: Int64 = row["id"]
      var columns: [CatalogColumn] = []
      var partitionColumns: [CatalogColumn] = []
      for column in try Row.fetchAll(
        database,
        sql: "SELECT * FROM columns WHERE relation = ? ORDER BY position",
        arguments: [id]
      ) {
        let definition = CatalogColumn(
          name: column["name"],
          type: column["type"],
          comment: column["comment"]
        )
        if column["is_partition"] {
          partitionColumns.append(definition)
        } else {
          columns.append(definition)
        }
      }
      if let query: String = row["query"] {
        return .view(
          ViewDefinition(
            name: name,
            query: query,
            columns: columns,
            schema: row["schema"],
            owner: row["owner"]
          )
        )
      }
      return .table(
        TableDefinition(
          id: id,
          name: name,
          columns: columns,
          partitionColumns: partitionColumns,
          location: places.resolved(row["location"]),
          storage: try texts(
            database,
            sql: "SELECT key, value FROM json_each(?)",
            [row["storage"] as String]
          ),
          properties: try texts(
            database,
            sql: "SELECT key, value FROM properties WHERE relation = ?",
            [id]
          ),
          comment: row["comment"],
          owner: row["owner"],
          createdAt: row["created_at"],
          madeBy: row["made_by"]
        )
      )
    }
  }

  /// Where tables have their files, and where dropped ones had.
  public func claimedLocations() throws(SQLError) -> Set<String> {
    try read(orIfThereIsNoFile: []) { database in
      let stored = try String.fetchAll(
        database,
        sql: "SELECT location FROM tables UNION SELECT location FROM dropped_locations"
      )
      return Set(stored.map { places.resolved($0).text })
    }
  }

  /// Makes a table.
  ///
  /// - Returns: false if its name is taken; what has it stays as it is.
  public func create(_ definition: TableDefinition) throws(SQLError) -> Bool {
    try write { database in
      guard try !exists(definition.name, database) else { return false }
      _ = try insert(definition, places, database)
      return true
    }
  }

  /// Makes a view.
  ///
  /// - Parameter replacing: whether a view of that name makes room; a table never does.
  /// - Returns: false if the name is taken.
  public func create(_ definition: ViewDefinition, replacing: Bool) throws(SQLError) -> Bool {
    try write { database in
      if replacing {
        try database.execute(
          sql: "DELETE FROM relations WHERE database = ? AND name = ? AND kind = 'view'",
          arguments: [definition.name.database, definition.name.name]
        )
      }
      guard try !exists(definition.name, database) else { return false }
      let id = try insertRelation(
        definition.name,
        kind: "view",
        comment: nil,
        owner: definition.owner,
        columns: definition.columns,
        partitionColumns: [],
        database
      )
      try database.execute(
        sql: "INSERT INTO views VALUES (?, ?, ?)",
        arguments: [id, definition.query, definition.schema]
      )
      return true
    }
  }

  /// Removes a table or a view; a table's files stay where they are.
  ///
  /// - Returns: false if there is no such thing of that kind.
  public func dropRelation(named name: RelationName, isView: Bool) throws(SQLError) -> Bool {
    try write { database in
      try database.execute(
        sql: """
          INSERT OR IGNORE INTO dropped_locations
          SELECT location FROM tables JOIN relations ON id = relation
          WHERE database = ? AND name = ?
          """,
        arguments: [name.database, name.name]
      )
      try database.execute(
        sql: "DELETE FROM relations WHERE database = ? AND name = ? AND kind = ?",
        arguments: [name.database, name.name, isView ? "view" : "table"]
      )
      return database.changesCount > 0
    }
  }

  /// Sets properties of a table; those that are not named stay.
  public func setProperties(_ properties: [String: String], ofTable id: Int64) throws(SQLError) {
    try write { database in
      for (key, value) in properties {
        try database.execute(
          sql: "INSERT OR REPLACE INTO properties VALUES (?, ?, ?)",
          arguments: [id, key, value]
        )
      }
    }
  }

  /// Moves a table to another place; its partitions stay where they are.
  public func setLocation(_ location: ObjectPath, ofTable id: Int64) throws(SQLError) {
    try write { database in
      try database.execute(
        sql: """
          INSERT OR IGNORE INTO dropped_locations SELECT location FROM tables WHERE relation = ?
          """,
        arguments: [id]
      )
      try database.execute(
        sql: "UPDATE tables SET location = ? WHERE relation = ?",
        arguments: [places.stored(location), id]
      )
      try database.execute(
        sql: "DELETE FROM dropped_locations WHERE location = ?",
        arguments: [places.stored(location)]
      )
    }
  }

  /// Gives a table other columns.
  ///
  /// - Parameter table: as it was read; its columns must still be those.
  /// - Throws: HIVE_CONCURRENT_MODIFICATION_DETECTED if they are not.
  public func setColumns(_ columns: [CatalogColumn], ofTable table: TableDefinition)
    throws(SQLError)
  {
    try write { database in
      let names = try String.fetchAll(
        database,
        sql: "SELECT name FROM columns WHERE relation = ? ORDER BY position",
        arguments: [table.id]
      )
      guard names == (table.columns + table.partitionColumns).map(\.name) else {
        throw SQLError(
          .hiveConcurrentModificationDetected,
          "The columns of '\(table.name)' were changed meanwhile",
          hint: "Run the statement again."
        )
      }
      try database.execute(sql: "DELETE FROM columns WHERE relation = ?", arguments: [table.id])
      try insert(columns, table.partitionColumns, relation: table.id, database)
    }
  }
}

func exists(_ name: RelationName, _ database: Database) throws -> Bool {
  try Bool.fetchOne(
    database,
    sql: "SELECT EXISTS (SELECT 1 FROM relations WHERE database = ? AND name = ?)",
    arguments: [name.database, name.name]
  ) ?? false
}

/// Adds a table, and its database if that is one which the warehouse gives without being told.
///
/// - Parameter transaction: that has written the table's first files.
/// - Returns: the table's id.
func insert(
  _ definition: TableDefinition,
  _ places: CatalogPlaces,
  _ database: Database,
  madeBy transaction: Int64? = nil
) throws -> Int64 {
  let location = places.stored(definition.location)
  let id = try insertRelation(
    definition.name,
    kind: "table",
    comment: definition.comment,
    owner: definition.owner,
    columns: definition.columns,
    partitionColumns: definition.partitionColumns,
    database
  )
  // SQLite writes the JSON of the pairs, one by one.
  var storage = "{}"
  for (key, value) in definition.storage.sorted(by: { $0.key < $1.key }) {
    storage =
      try String.fetchOne(
        database,
        sql: "SELECT json_patch(?, json_object(?, ?))",
        arguments: [storage, key, value]
      ) ?? storage
  }
  try database.execute(
    sql: "INSERT INTO tables VALUES (?, ?, ?, ?)",
    arguments: [id, location, storage, transaction]
  )
  for (key, value) in definition.properties {
    try database.execute(
      sql: "INSERT INTO properties VALUES (?, ?, ?)",
      arguments: [id, key, value]
    )
  }
  try database.execute(
    sql: "DELETE FROM dropped_locations WHERE location = ?",
    arguments: [location]
  )
  return id
}

private func insertRelation(
  _ name: RelationName,
  kind: String,
  comment: String?,
  owner: String,
  columns: [CatalogColumn],
  partitionColumns: [CatalogColumn],
  _ database: Database
) throws -> Int64 {
  try ensureUser(owner, database)
  // The default database and those that are folders of the warehouse need no CREATE DATABASE.
  try database.execute(
    sql: "INSERT OR IGNORE INTO databases VALUES (?, NULL, NULL, ?, unixepoch())",
    arguments: [name.database, owner]
  )
  try database.execute(
    sql: """
      INSERT INTO relations (database, name, kind, comment, owner, created_at)
      VALUES (?, ?, ?, ?, ?, unixepoch())
      """,
    arguments: [name.database, name.name, kind, comment, owner]
  )
  let id = database.lastInsertedRowID
  try insert(columns, partitionColumns, relation: id, database)
  return id
}

private func insert(
  _ columns: [CatalogColumn],
  _ partitionColumns: [CatalogColumn],
  relation: Int64,
  _ database: Database
) throws {
  let all = columns.map { ($0, false) } + partitionColumns.map { ($0, true) }
  for (position, (column, isPartition)) in all.enumerated() {
    try database.execute(
      sql: "INSERT INTO columns VALUES (?, ?, ?, ?, ?, ?)",
      arguments: [relation, position, column.name, column.type, column.comment, isPartition]
    )
  }
}
