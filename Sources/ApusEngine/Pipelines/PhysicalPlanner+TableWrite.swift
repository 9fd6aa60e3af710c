import ApusPlanner
import ApusValues

extension PhysicalPlanner {
  func build(_ write: TableWrite, node: Int) throws(SQLError) -> Fragment {
    let fragment = try build(
      write.input,
      node: node + 1,
      Demand(columns: Set(write.columns.map(\.id)))
    )
    let positions = fragment.positions
    var columns: [Int] = []
    for column in write.columns {
      guard let position = positions[column.id] else {
        throw .internal("no column \(column.name) to write")
      }
      columns.append(position)
    }
    let sink = TableWriteSink(node: node, target: write.target, columns: columns)
    finish(fragment, into: sink)
    return Fragment(node: node, source: WrittenRowCountSource(sink), columns: [write.rowCount])
  }
}
