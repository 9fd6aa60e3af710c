import ApusValues

/// What a worker has collected, in partitions.
///
/// Safety: a task splits it alone; later tasks read it, and change those places of `targets` whose
/// groups are of their partition.
final class PartitionedAggregateState {
  let state: AggregateState
  private(set) var groups: PartitionedRows?
  /// For each distinct set its rows, by the partition of their groups.
  private(set) var distinctRows: [PartitionedRows] = []
  /// The group of each group in the result of its partition; only for distinct sets.
  private(set) var targets: UnsafeMutablePointer<Int32>?
  private let reservation: Reservation

  init(_ state: AggregateState, memory: MemoryPool) {
    self.state = state
    reservation = Reservation(memory)
  }

  deinit { targets?.deallocate() }

  /// - Parameter divide: returns the partition, below `count`, of each key.
  func split(count: Int, _ divide: (KeyRows) -> [UInt8]) throws(SQLError) {
    guard let table = state.groups?.table else { return }
    let setCount = state.distinctRows.count
    let rowCount = state.distinctRows.reduce(table.count) { $0 + $1.count }
    let targetCount = setCount == 0 ? 0 : table.count
    try reservation.resize(to: (rowCount + targetCount) * 4)
    let partitions = divide(table.keys)
    groups = PartitionedRows(partitions, count: count)
    if setCount == 0 { return }
    targets = .allocate(capacity: table.count)
    for rows in state.distinctRows {
      let partitionOfRow = rows.groups().map { partitions[Int($0)] }
      distinctRows.append(PartitionedRows(partitionOfRow, count: count))
    }
  }
}

extension AggregateState {
  /// Adds the groups of several states that are in a part, with their distinct rows.
  func merge(
    _ sources: [PartitionedAggregateState],
    _ part: SpilledPart,
    _ specification: AggregateSpecification,
    _ cancellation: CancellationToken
  ) throws(SQLError) {
    for source in sources {
      try cancellation.check()
      try source.groups?.withRows(of: part.partition) { (groups) throws(SQLError) in
        try source.withGroups(groups, of: part) { (groups) throws(SQLError) in
          let targets = try merge(source.state, groups: groups)
          guard let places = source.targets else { return }
          for (group, target) in zip(groups, targets) { places[Int(group)] = target }
        }
      }
      try book()
    }
    for set in specification.distinctSets.indices {
      for source in sources {
        try cancellation.check()
        guard let targets = source.targets else { continue }
        try source.distinctRows[set].withRows(of: part.partition) { (rows) throws(SQLError) in
          try source.withDistinctRows(rows, ofSet: set, of: part) { (rows) throws(SQLError) in
            try mergeDistinct(set, of: source.state, rows: rows, targets: targets)
          }
        }
        try book()
      }
    }
  }
}

extension PartitionedAggregateState {
  /// Calls `body` with those of some groups that are in a part.
  fileprivate func withGroups(
    _ groups: UnsafeBufferPointer<Int32>,
    of part: SpilledPart,
    _ body: (UnsafeBufferPointer<Int32>) throws(SQLError) -> Void
  ) throws(SQLError) {
    guard !part.isWhole, let keys = state.groups?.table.keys else {
      return try body(groups)
    }
    let wanted = groups.filter { part.contains(keys.hashes[Int($0)]) }
    try wanted.withUnsafeBufferPointer { (wanted) throws(SQLError) in try body(wanted) }
  }

  /// Calls `body` with those of some distinct rows whose groups are in a part.
  fileprivate func withDistinctRows(
    _ rows: UnsafeBufferPointer<Int32>,
    ofSet set: Int,
    of part: SpilledPart,
    _ body: (UnsafeBufferPointer<Int32>) throws(SQLError) -> Void
  ) throws(SQLError) {
    guard !part.isWhole, let keys = state.groups?.table.keys else {
      return try body(rows)
    }
    let distinct = state.distinctRows[set]
    let wanted = rows.filter { part.contains(keys.hashes[distinct.group(of: Int($0))]) }
    try wanted.withUnsafeBufferPointer { (wanted) throws(SQLError) in try body(wanted) }
  }
}
