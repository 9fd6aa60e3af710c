import ApusPlanner
import ApusValues

extension PhysicalPlanner {
  func build(_ table: JSONTable, node: Int, _ demand: Demand) throws(SQLError) -> Fragment {
    let expressions = table.expressions
    var fragment = try build(table.input, node: node + 1, demand.adding(expressions))
    let columns = fragment.columns
    let kept = columns.indices.filter { demand.columns.contains(columns[$0].id) }
    let step = try JSONTableOperator(
      table,
      node: node,
      arguments: try compile(expressions, over: columns),
      kept: kept
    )
    fragment.append(step, columns: kept.map { columns[$0] } + table.added)
    return fragment
  }
}
