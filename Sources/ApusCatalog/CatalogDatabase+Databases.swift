import ApusStorage
public import ApusValues
import GRDB

extension CatalogDatabase {
  /// The names of all databases, sorted.
  public func databaseNames() throws(SQLError) -> [String] {
    try read(orIfThereIsNoFile: []) { database in
      try String.fetchAll(database, sql: "SELECT name FROM databases ORDER BY name")
    }
  }

  /// Returns a database, nil if there is none of that name.
  public func database(named name: String) throws(SQLError) -> DatabaseDefinition? {
    try read(orIfThereIsNoFile: nil) { database in
      guard
        let row = try Row.fetchOne(
          database,
          sql: "SELECT * FROM databases WHERE name = ?",
          arguments: [name]
        )
      else { return nil }
      return DatabaseDefinition(
        name: name,
        comment: row["comment"],
        location: (row["location"] as String?).map { places.resolved($0).text },
        properties: try texts(
          database,
          sql: "SELECT key, value FROM database_properties WHERE database = ?",
          [name]
        ),
        owner: row["owner"]
      )
    }
  }

  /// Makes a database.
  ///
  /// - Returns: false if there is one of that name already, which stays as it is.
  public func create(_ definition: DatabaseDefinition) throws(SQLError) -> Bool {
    try write { database in
      let exists = try Bool.fetchOne(
        database,
        sql: "SELECT EXISTS (SELECT 1 FROM databases WHERE name = ?)",
        arguments: [definition.name]
      )
      if exists == true { return false }
      try insert(definition, places, database)
      return true
    }
  }

  /// Removes a database.
  ///
  /// - Parameter cascade: whether its tables and views go with it; their files stay.
  /// - Returns: false if there is none of that name.
  /// - Throws: SCHEMA_NOT_EMPTY.
  public func dropDatabase(named name: String, cascade: Bool) throws(SQLError) -> Bool {
    try write { database in
      if cascade {
        try database.execute(
          sql: """
            INSERT OR IGNORE INTO dropped_locations
            SELECT location FROM tables JOIN relations ON id = relation WHERE database = ?
            """,
          arguments: [name]
        )
        try database.execute(sql: "DELETE FROM relations WHERE database = ?", arguments: [name])
      } else if let relation = try String.fetchOne(
        database,
        sql: "SELECT name FROM relations WHERE database = ? ORDER BY name LIMIT 1",
        arguments: [name]
      ) {
        throw SQLError(
          .schemaNotEmpty,
          "Database '\(name)' is not empty: '\(relation)' is in it",
          hint: "DROP DATABASE … CASCADE drops its tables and views too."
        )
      }
      try database.execute(sql: "DELETE FROM databases WHERE name = ?", arguments: [name])
      return database.changesCount > 0
    }
  }
}

/// Reads pairs of texts.
func texts(_ database: Database, sql: String, _ arguments: StatementArguments) throws
  -> [String: String]
{
  var pairs: [String: String] = [:]
  for row in try Row.fetchAll(database, sql: sql, arguments: arguments) { pairs[row[0]] = row[1] }
  return pairs
}

/// Adds a user if it is new.
func ensureUser(_ name: String, _ database: Database) throws {
  try database.execute(
    sql: "INSERT OR IGNORE INTO users VALUES (?, unixepoch())",
    arguments: [name]
  )
}

func insert(
  _ definition: DatabaseDefinition,
  _ places: CatalogPlaces,
  _ database: Database
) throws {
  try ensureUser(definition.owner, database)
  try database.execute(
    sql: "INSERT INTO databases VALUES (?, ?, ?, ?, unixepoch())",
    arguments: [
      definition.name, definition.comment,
      definition.location.map { places.stored(ObjectPath($0)) }, definition.owner,
    ]
  )
  for (key, value) in definition.properties {
    try database.execute(
      sql: "INSERT INTO database_properties VALUES (?, ?, ?)",
      arguments: [definition.name, key, value]
    )
  }
}
