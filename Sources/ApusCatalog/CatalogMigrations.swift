import ApusValues
import GRDB

/// Brings a catalog's file to the tables that this version knows.
///
/// - Throws: HIVE_METASTORE_ERROR for a file that a later version has made.
func migrateCatalog(_ pool: DatabasePool) throws {
  var migrator = DatabaseMigrator()
  migrator.registerMigration("1: the warehouse") { database in
    try database.execute(
      sql: """
        CREATE TABLE catalog (
          -- Part of the names of data files, so that those of two catalogs are told apart.
          id TEXT NOT NULL
        );
        INSERT INTO catalog VALUES (lower(hex(randomblob(6))));

        CREATE TABLE users (
          name TEXT PRIMARY KEY,
          created_at INTEGER NOT NULL
        ) WITHOUT ROWID;

        -- A location below the warehouse's directory is relative to it: warehouse:sales/orders/.
        CREATE TABLE databases (
          name TEXT PRIMARY KEY,
          comment TEXT,
          location TEXT,
          owner TEXT NOT NULL REFERENCES users,
          created_at INTEGER NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE database_properties (
          database TEXT NOT NULL REFERENCES databases ON DELETE CASCADE,
          key TEXT NOT NULL,
          value TEXT NOT NULL,
          PRIMARY KEY (database, key)
        ) WITHOUT ROWID;

        -- Tables and views share their names.
        CREATE TABLE relations (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          database TEXT NOT NULL REFERENCES databases,
          name TEXT NOT NULL,
          kind TEXT NOT NULL CHECK (kind IN ('table', 'view')),
          comment TEXT,
          owner TEXT NOT NULL REFERENCES users,
          created_at INTEGER NOT NULL,
          UNIQUE (database, name)
        );

        CREATE TABLE columns (
          relation INTEGER NOT NULL REFERENCES relations ON DELETE CASCADE,
          position INTEGER NOT NULL,
          name TEXT NOT NULL,
          -- In Hive's spelling for tables, in Trino's for views.
          type TEXT NOT NULL,
          comment TEXT,
          is_partition INTEGER NOT NULL,
          PRIMARY KEY (relation, position)
        ) WITHOUT ROWID;

        CREATE TABLE properties (
          relation INTEGER NOT NULL REFERENCES relations ON DELETE CASCADE,
          key TEXT NOT NULL,
          value TEXT NOT NULL,
          PRIMARY KEY (relation, key)
        ) WITHOUT ROWID;

        CREATE TABLE tables (
          relation INTEGER PRIMARY KEY REFERENCES relations ON DELETE CASCADE,
          location TEXT NOT NULL,
          -- JSON objects of texts.
          storage TEXT NOT NULL
        );

        CREATE TABLE views (
          relation INTEGER PRIMARY KEY REFERENCES relations ON DELETE CASCADE,
          query TEXT NOT NULL,
          -- The current schema when the view was made.
          schema TEXT NOT NULL
        );

        CREATE TABLE partitions (
          relation INTEGER NOT NULL REFERENCES relations ON DELETE CASCADE,
          -- As in the names of directories: 2013/1.
          partition_values TEXT NOT NULL,
          location TEXT NOT NULL,
          created_at INTEGER NOT NULL,
          PRIMARY KEY (relation, partition_values)
        ) WITHOUT ROWID;

        -- Where the files of dropped tables stay; the warehouse makes no tables of them.
        CREATE TABLE dropped_locations (location TEXT PRIMARY KEY) WITHOUT ROWID;

        -- Never forgotten ids: a snapshot is the highest one and those that have not committed.
        CREATE TABLE transactions (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          state TEXT NOT NULL CHECK (state IN ('preparing', 'committed', 'aborted')),
          -- Like the paths of the files, relative where it can be: a warehouse may be moved any time.
          location TEXT NOT NULL,
          started_at INTEGER NOT NULL
        );

        CREATE TABLE transaction_files (
          transaction_id INTEGER NOT NULL REFERENCES transactions ON DELETE CASCADE,
          path TEXT NOT NULL,
          size INTEGER NOT NULL,
          -- What completes or discards the prepared file; null for a file that is replaced.
          token TEXT,
          PRIMARY KEY (transaction_id, path)
        ) WITHOUT ROWID;

        -- Counts the commits that replaced files, since these change what a listing may have seen.
        CREATE TABLE replacements (count INTEGER NOT NULL);
        INSERT INTO replacements VALUES (0);
        """
    )
  }
  migrator.registerMigration("2: the transaction that made a table") { database in
    try database.execute(
      sql: """
        -- A snapshot that does not show the transaction does not show the table either.
        ALTER TABLE tables ADD COLUMN made_by INTEGER;
        """
    )
  }
  migrator.registerMigration("3: statistics") { database in
    try database.execute(
      sql: """
        -- What footers say of one content of a file. The lowest rowid was written first.
        CREATE TABLE file_statistics (
          path TEXT PRIMARY KEY,
          tag TEXT NOT NULL,
          size INTEGER NOT NULL,
          row_count INTEGER NOT NULL,
          columns TEXT NOT NULL
        );

        -- What ANALYZE has found of the files below a location, which were so large then.
        CREATE TABLE table_statistics (
          location TEXT PRIMARY KEY,
          row_count INTEGER NOT NULL,
          byte_count INTEGER NOT NULL,
          columns TEXT NOT NULL
        ) WITHOUT ROWID;
        """
    )
  }
  guard try !pool.read(migrator.hasBeenSuperseded) else {
    throw SQLError(
      .hiveMetastoreError,
      "The catalog was made by a later version of Apus",
      hint: "Use that version, or another catalog."
    )
  }
  while try !pool.read(migrator.hasCompletedMigrations) {
    let before = try pool.read(migrator.appliedIdentifiers).count
    do {
      try migrator.migrate(pool)
    } catch {
      // Another process may be a step ahead; each time it is, there is one step less.
      guard try pool.read(migrator.appliedIdentifiers).count > before else { throw error }
    }
  }
}
