import ApusPlanner

/// The beginning of a pipeline that has no sink yet: what a plan node's rows come out of.
struct Fragment {
  /// The node whose rows these are, by position in pre-order.
  var node: Int
  /// See `Pipeline.stages`.
  var stages: [[Pipeline.Branch]]
  /// The columns of the batches, in order: those of the node's output that are needed above.
  var columns: [PlanColumn]
  /// Columns that come from scans as they are, where rows that a node above drops for their value need
  /// not be read at all. There are several scans where a union puts them under one column.
  var origins: [ColumnID: [ScanColumn]] = [:]
  /// Whether rows come in an order that must reach the reader.
  var isOrdered = false
  /// Whether one worker must run it.
  var isSequential = false

  /// A fragment that begins with a source.
  init(node: Int, source: any BatchSource, columns: [PlanColumn]) {
    self.node = node
    stages = [[Pipeline.Branch(source: source)]]
    self.columns = columns
  }

  /// A fragment of the branches of several.
  init(node: Int, merging fragments: [Fragment], columns: [PlanColumn]) {
    self.node = node
    self.columns = columns
    stages = []
    for fragment in fragments {
      for (stage, branches) in fragment.stages.enumerated() {
        if stage == stages.count { stages.append([]) }
        stages[stage].append(contentsOf: branches)
      }
      isSequential = isSequential || fragment.isSequential
    }
  }

  /// Puts an operator behind all branches; `columns` are those it puts out.
  mutating func append(_ step: any StreamingOperator, columns: [PlanColumn]) {
    for stage in stages.indices {
      for branch in stages[stage].indices { stages[stage][branch].operators.append(step) }
    }
    node = step.node
    self.columns = columns
  }

  /// Notes that an outer join puts out NULLs in place of rows of all scans so far.
  mutating func markOriginsReplacedByNull() {
    origins = origins.mapValues { columns in
      columns.map { ScanColumn(scan: $0.scan, column: $0.column, isReplacedByNull: true) }
    }
  }

  /// The position of each column.
  var positions: [ColumnID: Int] {
    var positions: [ColumnID: Int] = [:]
    for (position, column) in columns.enumerated() { positions[column.id] = position }
    return positions
  }
}
