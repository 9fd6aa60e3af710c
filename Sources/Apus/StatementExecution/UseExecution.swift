import ApusSyntax
import ApusValues

extension StatementExecution {
  /// Runs USE [catalog.]schema.
  func run(_ node: UseStatement) throws(SQLError) -> QueryResult {
    if let name = node.catalog {
      do {
        try catalog.checkCatalog(name.value.lowercased())
      } catch {
        throw error.located(at: name.range)
      }
    }
    do {
      try catalog.checkSchema(node.schema.value.lowercased())
    } catch {
      throw error.located(at: node.schema.range)
    }
    try session.change { $0.schema = node.schema.value.lowercased() }
    return try done(.use)
  }
}
