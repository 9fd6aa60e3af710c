import ApusValues
import ApusVectors

/// Groups with the states of all calls: what one worker has seen, in the end what all have.
///
/// Owned by one worker at a time, but for what is said of its parts.
final class AggregateState {
  private let specification: AggregateSpecification
  /// Nil without keys: then there is one group.
  let groups: GroupIndexer?
  let accumulators: [any Accumulator]
  let distinctRows: [DistinctRows]
  let reservation: Reservation
  /// When to ask the accumulators for their size again, which may take time.
  private var bookingGroupCount = 0
  private var unbookedBatchCount = 0
  private let zeros = GroupBuffer()
  private let masked = GroupBuffer()

  init(_ specification: AggregateSpecification, memory: MemoryPool) throws(SQLError) {
    self.specification = specification
    groups = specification.keys.isEmpty ? nil : GroupIndexer(specification.keyLayout)
    accumulators = try specification.makeAccumulators()
    distinctRows = specification.distinctSets.map { DistinctRows(specification.layout(of: $0)) }
    reservation = Reservation(memory)
    if groups == nil { resizeAccumulators() }
  }

  var groupCount: Int { groups?.table.count ?? 1 }

  /// Makes room in all accumulators for the groups there are.
  func resizeAccumulators() {
    for accumulator in accumulators { accumulator.resize(groupCount: groupCount) }
  }

  func update(_ batch: Batch) throws(SQLError) {
    let (vectors, selections) = try specification.evaluate(batch)
    let rowCount = batch.rowCount
    let rowGroups: UnsafeMutablePointer<Int32>
    if let groups {
      let keys = specification.keys.map { batch.columns[$0] }
      let before = groups.table.count
      rowGroups = try groups.groups(of: keys, rowCount: rowCount)
      if groups.table.count > before { resizeAccumulators() }
    } else {
      rowGroups = zeros.reserve(rowCount, filledWith: 0)
    }
    for (set, rows) in zip(specification.distinctSets, distinctRows) {
      let selection = set.condition.map { selections[$0] } ?? .all(rowCount)
      try rows.insert(
        groups: UnsafePointer(rowGroups),
        arguments: set.arguments.map { vectors[$0] },
        rows: selection
      )
    }
    for (call, accumulator) in zip(specification.calls, accumulators) where call.distinctSet == nil
    {
      var counted = UnsafePointer(rowGroups)
      if let condition = call.condition {
        counted = mask(rowGroups, by: selections[condition])
      }
      try accumulator.update(
        groups: UnsafeBufferPointer(start: counted, count: rowCount),
        arguments: call.arguments.map { vectors[$0] }
      )
    }
    unbookedBatchCount += 1
    if groupCount >= bookingGroupCount || unbookedBatchCount == 64 {
      bookingGroupCount = groupCount + groupCount / 8 + 512
      unbookedBatchCount = 0
      try book()
    }
  }

  /// Returns the groups with -1 where a row is not selected.
  private func mask(_ groups: UnsafePointer<Int32>, by rows: Selection) -> UnsafePointer<Int32> {
    guard let indices = rows.indices else { return groups }
    let output = masked.reserve(rows.rowCount, filledWith: -1)
    for row in indices { output[Int(row)] = groups[Int(row)] }
    masked.markDirty()
    return UnsafePointer(output)
  }

  var byteCount: Int {
    var total = groups?.table.byteCount ?? 0
    for accumulator in accumulators { total += accumulator.byteCount }
    for rows in distinctRows { total += rows.byteCount }
    return total
  }

  /// Adds the groups of another worker's state, without its aggregates.
  ///
  /// - Returns: the group here of each of the other's groups.
  func mergeGroups(of other: AggregateState) throws(SQLError) -> [Int32] {
    guard let groups, let otherGroups = other.groups else { return [0] }
    return try groups.table.insert(otherGroups.table)
  }

  /// Adds what another state has of one call; different calls may be merged at the same time.
  func mergeCall(_ call: Int, of other: AggregateState, mapping: [Int32]) throws(SQLError) {
    accumulators[call].resize(groupCount: groupCount)
    try mapping.withUnsafeBufferPointer { (mapping) throws(SQLError) in
      try accumulators[call].merge(other.accumulators[call], mapping: mapping)
    }
  }

  /// Feeds the calls over one set of distinct rows from the rows of all workers; different sets may
  /// be fed at the same time.
  ///
  /// - Parameter sources: states with the group here of each of their groups, nil if it is the same.
  func feedDistinct(
    _ set: Int,
    from sources: [(state: AggregateState, mapping: [Int32]?)],
    _ context: WorkerContext
  ) throws(SQLError) {
    let calls = specification.calls.indices.filter { specification.calls[$0].distinctSet == set }
    let targets = calls.map { accumulators[$0] }
    for target in targets { target.resize(groupCount: groupCount) }
    // Rows of several workers may be the same; those of one are not.
    let layout = specification.layout(of: specification.distinctSets[set])
    let union = sources.count > 1 ? DistinctRows(layout) : nil
    let unionReservation = Reservation(context.memory)
    for (state, mapping) in sources {
      try context.cancellation.check()
      try state.distinctRows[set].forEachChunk(mapping: mapping) {
        (groups, arguments) throws(SQLError) in
        var feed = (groups: groups, arguments: arguments)
        if let union {
          feed = try union.insertNew(groups: groups, arguments: arguments)
          try unionReservation.resize(to: union.byteCount)
        }
        guard !feed.groups.isEmpty else { return }
        for target in targets {
          try feed.groups.withUnsafeBufferPointer { (groups) throws(SQLError) in
            try target.update(groups: groups, arguments: feed.arguments)
          }
        }
      }
    }
  }

  /// Books what the state holds now.
  func book() throws(SQLError) { try reservation.resize(to: byteCount) }

  /// Returns the output columns of a range of groups.
  ///
  /// - Parameter lock: held while accumulators are asked, which serve one worker at a time.
  func finish(_ range: Range<Int>, lock: Monitor) throws(SQLError) -> Batch {
    var columns: [ColumnVector] = []
    for output in specification.output {
      switch output {
      case .key(let index):
        guard let groups else { throw .internal("a key of an aggregation without keys") }
        columns.append(groups.table.keys.column(index, range))
      case .call(let index):
        columns.append(
          try lock.withLock { () throws(SQLError) in try accumulators[index].finish(range) }
        )
      }
    }
    return Batch(columns: columns, rowCount: range.count)
  }
}

/// Memory for groups of rows that grows with the batches.
///
/// Safety: what `reserve` returns is valid until the next call.
final class GroupBuffer {
  private var pointer = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
  private var capacity = 0
  private var isDirty = true

  deinit { pointer.deallocate() }

  /// Returns room for `count` groups, each `value`; always the same value for one buffer.
  func reserve(_ count: Int, filledWith value: Int32) -> UnsafeMutablePointer<Int32> {
    if count > capacity {
      pointer.deallocate()
      pointer = .allocate(capacity: count)
      capacity = count
      isDirty = true
    }
    if isDirty {
      pointer.initialize(repeating: value, count: capacity)
      isDirty = false
    }
    return pointer
  }

  /// Says that the groups were written to and must be filled again.
  func markDirty() { isDirty = true }
}
