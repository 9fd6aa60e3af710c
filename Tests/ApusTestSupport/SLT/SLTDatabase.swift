package import ApusValues

/// What the runner asks: one SQL engine, one session.
package protocol SLTDatabase {
  /// Runs one statement to its end.
  func run(_ sql: String) throws(SQLError) -> SLTResult
}

/// All rows of a result as text; NULL is nil.
package struct SLTResult: Sendable {
  package var types: [SQLType]
  package var rows: [[String?]]

  package init(types: [SQLType], rows: [[String?]]) {
    self.types = types
    self.rows = rows
  }
}
