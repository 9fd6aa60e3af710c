/// What a statement was; raw values are Athena's names of substatement types where it has one.
public enum StatementKind: String, Sendable, CaseIterable {
  case select = "SELECT"
  case explain = "EXPLAIN"
  case insert = "INSERT"
  case unload = "UNLOAD"
  case createTableAs = "CREATE_TABLE_AS_SELECT"
  case createView = "CREATE_VIEW"
  case dropView = "DROP_VIEW"
  case createDatabase = "CREATE_DATABASE"
  case dropDatabase = "DROP_DATABASE"
  case createTable = "CREATE_TABLE"
  case dropTable = "DROP_TABLE"
  case addPartitions = "ALTER_TABLE_ADD_PARTITION"
  case dropPartitions = "ALTER_TABLE_DROP_PARTITION"
  case renamePartition = "ALTER_TABLE_RENAME_PARTITION"
  case setLocation = "ALTER_TABLE_SET_LOCATION"
  case setTableProperties = "ALTER_TABLE_SET_PROPERTIES"
  case addColumns = "ALTER_TABLE_ADD_COLUMN"
  case replaceColumns = "ALTER_TABLE_REPLACE_COLUMN"
  case repairTable = "MSCK_REPAIR"
  case analyze = "ANALYZE"
  case showDatabases = "SHOW_DATABASES"
  case showTables = "SHOW_TABLES"
  case showViews = "SHOW_VIEWS"
  case showColumns = "SHOW_COLUMNS"
  case showFunctions = "SHOW_FUNCTIONS"
  case showCatalogs = "SHOW_CATALOGS"
  case showSession = "SHOW_SESSION"
  case showPartitions = "SHOW_PARTITIONS"
  case showTableProperties = "SHOW_TABLE_PROPERTIES"
  case showStatistics = "SHOW_STATS"
  case showCreateTable = "SHOW_CREATE_TABLE"
  case showCreateView = "SHOW_CREATE_VIEW"
  case showCreateDatabase = "SHOW_CREATE_DATABASE"
  case describeTable = "DESCRIBE_TABLE"
  case describeView = "DESC_VIEW"
  case prepare = "PREPARE"
  case deallocate = "DEALLOCATE_PREPARE"
  case describeInput = "DESCRIBE_INPUT"
  case describeOutput = "DESCRIBE_OUTPUT"
  case use = "USE"
  case setSession = "SET_SESSION"
  case resetSession = "RESET_SESSION"

  /// Athena's three families of statements.
  public enum Family: String, Sendable {
    case dml = "DML"
    case ddl = "DDL"
    case utility = "UTILITY"
  }

  public var family: Family {
    switch self {
    case .select, .explain, .insert, .unload: .dml
    case .createTableAs, .createView, .dropView, .createDatabase, .dropDatabase, .createTable,
      .dropTable,
      .addPartitions, .dropPartitions, .renamePartition, .setLocation, .setTableProperties,
      .addColumns, .replaceColumns, .repairTable, .analyze:
      .ddl
    case .showDatabases, .showTables, .showViews, .showColumns, .showFunctions, .showCatalogs,
      .showSession, .showPartitions, .showTableProperties, .showStatistics, .showCreateTable,
      .showCreateView, .showCreateDatabase,
      .describeTable, .describeView, .prepare, .deallocate, .describeInput, .describeOutput, .use,
      .setSession, .resetSession:
      .utility
    }
  }
}
