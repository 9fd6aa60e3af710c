import ApusPlanner
import ApusValues

extension PhysicalPlanner {
  func build(_ unnest: Unnest, node: Int, _ demand: Demand) throws(SQLError) -> Fragment {
    let expressions = unnest.sources.map(\.expression)
    var fragment = try build(unnest.input, node: node + 1, demand.adding(expressions))
    let columns = fragment.columns
    let kept = columns.indices.filter { demand.columns.contains(columns[$0].id) }
    let step = UnnestOperator(
      node: node,
      sources: try compile(expressions, over: columns),
      kept: kept,
      hasOrdinality: unnest.ordinality != nil,
      isOuter: unnest.isOuter
    )
    fragment.append(step, columns: kept.map { columns[$0] } + unnest.added)
    return fragment
  }
}
