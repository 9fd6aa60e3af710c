/// What a statement was; raw values are Athena's names of substatement types where it has one.
public enum StatementKind: String, Sendable, CaseIterable {
  case select = "SELECT"
  case explain = "EXPLAIN"
  case insert = "INSERT"
  case createTableAs = "CREATE_TABLE_AS_SELECT"
  case createView = "CREATE_VIEW"
  case dropView = "DROP_VIEW"
  case showDatabases = "SHOW_DATABASES"
  case showTables = "SHOW_TABLES"
  case showViews = "SHOW_VIEWS"
  case showColumns = "SHOW_COLUMNS"
  case showFunctions = "SHOW_FUNCTIONS"
  case showCatalogs = "SHOW_CATALOGS"
  case showSession = "SHOW_SESSION"
  case showCreateView = "SHOW_CREATE_VIEW"
  case describeTable = "DESCRIBE_TABLE"
  case describeView = "DESC_VIEW"
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
    case .select, .explain, .insert: .dml
    case .createTableAs, .createView, .dropView: .ddl
    case .showDatabases, .showTables, .showViews, .showColumns, .showFunctions, .showCatalogs,
      .showSession, .showCreateView, .describeTable, .describeView, .use, .setSession,
      .resetSession:
      .utility
    }
  }
}
