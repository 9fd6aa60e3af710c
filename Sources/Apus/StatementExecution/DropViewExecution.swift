import ApusCatalog
import ApusPlanner
import ApusSyntax
import ApusValues

extension StatementExecution {
  /// Runs DROP VIEW [IF EXISTS].
  func run(_ node: DropViewStatement) throws(SQLError) -> QueryResult {
    let name: RelationName
    do throws(SQLError) {
      name = try resolve(node.name)
    } catch {
      if node.ifExists, error.code == .schemaNotFound { return try done(.dropView) }
      throw error
    }
    if try engine.catalog.dropRelation(named: name, isView: true) || node.ifExists {
      return try done(.dropView)
    }
    if try catalog.found(name) != nil {
      throw SQLError(
        .tableNotFound,
        "View '\(name)' does not exist, but a table of that name does",
        at: node.name.range
      )
    }
    let near = nearestName(to: name.name, among: try catalog.viewNames(in: name.database))
    throw SQLError(
      .tableNotFound,
      "View '\(name)' does not exist",
      at: node.name.range,
      hint: near.map { "Did you mean '\($0)'?" }
    )
  }
}
