public import ApusStorage
public import ApusValues
import GRDB

extension CatalogDatabase {
  /// Files whose statistics are kept; of more, those that were read longest ago are forgotten.
  private static let keptFileCount = 20_000

  /// Names in one question to SQLite.
  private static let chunk = 500

  /// Returns what is known of files with the content that a listing says they have.
  public func statistics(of files: [ObjectInfo]) throws(SQLError)
    -> [ObjectPath: StoredFileStatistics]
  {
    var found: [ObjectPath: StoredFileStatistics] = [:]
    for start in stride(from: 0, to: files.count, by: CatalogDatabase.chunk) {
      let part = files[start..<min(start + CatalogDatabase.chunk, files.count)]
      let rows = try read(orIfThereIsNoFile: [:]) { database in
        try storedStatistics(of: part.map { places.stored($0.path) }, database)
      }
      if rows.isEmpty { continue }
      for file in part {
        guard let row = rows[places.stored(file.path)], row.tag == file.tag, row.size == file.size
        else { continue }
        found[file.path] = StoredFileStatistics(
          file: file,
          rowCount: row.rowCount,
          columns: [StoredColumnStatistics](encoded: row.columns)
        )
      }
    }
    return found
  }

  /// Keeps what footers have said, where there is a catalog to keep it in: none is made for this, and
  /// nobody waits long. What is lost will be read again.
  public func remember(_ files: [StoredFileStatistics]) {
    for start in stride(from: 0, to: files.count, by: CatalogDatabase.chunk) {
      let part = files[start..<min(start + CatalogDatabase.chunk, files.count)]
      try? writeSoon { database in
        let known = try storedStatistics(
          of: part.map { places.stored($0.file.path) },
          database
        )
        for entry in part {
          let path = places.stored(entry.file.path)
          if let row = known[path], row.tag == entry.file.tag, row.size == entry.file.size {
            continue
          }
          try database.execute(
            sql: "INSERT OR REPLACE INTO file_statistics VALUES (?, ?, ?, ?, ?)",
            arguments: [
              path, entry.file.tag, entry.file.size, entry.rowCount,
              entry.columns.encoded,
            ]
          )
        }
        try database.execute(
          sql: """
            DELETE FROM file_statistics
            WHERE rowid <= (SELECT max(rowid) FROM file_statistics) - ?
            """,
          arguments: [CatalogDatabase.keptFileCount]
        )
      }
    }
  }

  /// Returns what ANALYZE has found of the table at a place; nil if it never looked.
  public func statistics(ofTableAt location: ObjectPath) throws(SQLError) -> StoredTableStatistics?
  {
    try read(orIfThereIsNoFile: nil) { database in
      try Row.fetchOne(
        database,
        sql: "SELECT row_count, byte_count, columns FROM table_statistics WHERE location = ?",
        arguments: [places.stored(location)]
      ).map { row in
        StoredTableStatistics(
          rowCount: row["row_count"],
          byteCount: row["byte_count"],
          columns: [StoredColumnStatistics](encoded: row["columns"])
        )
      }
    }
  }

  /// Keeps what ANALYZE has found; columns that it did not look at keep what they had.
  public func setStatistics(_ statistics: StoredTableStatistics, ofTableAt location: ObjectPath)
    throws(SQLError)
  {
    try write { database in
      let before = try Row.fetchOne(
        database,
        sql: "SELECT columns FROM table_statistics WHERE location = ?",
        arguments: [places.stored(location)]
      )
      var columns = before.map { [StoredColumnStatistics](encoded: $0["columns"]) } ?? []
      columns.removeAll { old in statistics.columns.contains { $0.name == old.name } }
      try database.execute(
        sql: "INSERT OR REPLACE INTO table_statistics VALUES (?, ?, ?, ?)",
        arguments: [
          places.stored(location), statistics.rowCount, statistics.byteCount,
          (columns + statistics.columns).encoded,
        ]
      )
    }
  }
}

/// A row of `file_statistics` without its path.
private struct StoredRow {
  var tag: String
  var size: Int
  var rowCount: Int
  var columns: String
}

private func storedStatistics(of paths: [String], _ database: Database) throws
  -> [String: StoredRow]
{
  let marks = Array(repeating: "?", count: paths.count).joined(separator: ", ")
  var found: [String: StoredRow] = [:]
  for row in try Row.fetchAll(
    database,
    sql: "SELECT path, tag, size, row_count, columns FROM file_statistics WHERE path IN (\(marks))",
    arguments: StatementArguments(paths)
  ) {
    found[row["path"]] = StoredRow(
      tag: row["tag"],
      size: row["size"],
      rowCount: row["row_count"],
      columns: row["columns"]
    )
  }
  return found
}
