import ApusCatalog
import ApusSyntax
import ApusValues

extension StatementExecution {
  /// Runs DROP TABLE [IF EXISTS]. The files stay, and make no table by lying in the warehouse.
  func run(_ node: DropTableStatement) throws(SQLError) -> QueryResult {
    do throws(SQLError) {
      let table = try declaredTable(node.name)
      if try engine.catalog.dropRelation(named: table.name, isView: false) || node.ifExists {
        return try done(.dropTable)
      }
      throw notFound(table.name, at: node.name.range)
    } catch {
      if node.ifExists, error.code == .tableNotFound || error.code == .schemaNotFound {
        return try done(.dropTable)
      }
      throw error
    }
  }
}
