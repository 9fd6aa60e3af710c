import ApusPlanner
import ApusSyntax
import ApusValues

extension StatementExecution {
  /// Runs DROP VIEW [IF EXISTS].
  func run(_ node: DropViewStatement) throws(SQLError) -> QueryResult {
    let name: ViewName
    do {
      name = try catalog.resolve(node.name.names)
    } catch {
      if node.ifExists, error.code == .schemaNotFound { return try done(.dropView) }
      throw error.located(at: node.name.range)
    }
    let existed = try session.change { $0.views.removeValue(forKey: name) != nil }
    if existed || node.ifExists { return try done(.dropView) }
    if try engine.warehouse.location(of: name.name, in: name.schema) != nil {
      throw SQLError(
        .tableNotFound,
        "View '\(name.schema).\(name.name)' does not exist, but a table of that name does",
        at: node.name.range
      )
    }
    let near = nearestName(to: name.name, among: catalog.viewNames(in: name.schema))
    throw SQLError(
      .tableNotFound,
      "View '\(name.schema).\(name.name)' does not exist",
      at: node.name.range,
      hint: near.map { "Did you mean '\($0)'?" }
    )
  }
}
