import ApusValues
import ApusVectors

/// Groups with the states of all calls: what one worker has seen, in the end what all have.
///
/// Owned by one worker at a time; read by several when others merge it, or in the end.
final class AggregateState {
  private let specification: AggregateSpecification
  /// Nil without keys: then there is one group.
  let groups: GroupIndexer?
  let accumulators: [any Accumulator]
  private(set) var distinctRows: [DistinctRows]
  let reservation: Reservation
  /// When to ask the accumulators for their size again, which may take time.
  private var bookingGroupCount = 0
  private var unbookedBatchCount = 0
  private let zeros = GroupBuffer()
  private let masked = GroupBuffer()
  private let finishLock = Monitor()

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
  }

  /// Whether so much has come since memory was booked last that it is time to do so again.
  var isBookingDue: Bool { groupCount >= bookingGroupCount || unbookedBatchCount == 64 }

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

  /// Adds groups of another state with all but their distinct rows; several may do so with the same
  /// one.
  ///
  /// - Parameter wanted: groups of `other`.
  /// - Returns: the group here of each of them.
  func merge(_ other: AggregateState, groups wanted: UnsafeBufferPointer<Int32>) throws(SQLError)
    -> [Int32]
  {
    var targets: [Int32] = [0]
    if let groups, let otherGroups = other.groups {
      targets = try groups.table.insert(otherGroups.table, groups: wanted)
    }
    resizeAccumulators()
    try targets.withUnsafeBufferPointer { (targets) throws(SQLError) in
      let mapping = GroupMapping(sources: wanted, targets: targets)
      for call in specification.calls.indices
      where specification.calls[call].distinctSet == nil {
        try accumulators[call].merge(other.accumulators[call], mapping: mapping)
      }
    }
    return targets
  }

  /// Adds groups of a state with more keys, which several may read, to groups by some of them.
  ///
  /// - Parameters:
  ///   - keys: for each key here its position among the other's.
  ///   - range: groups of `finer`.
  func add(_ finer: AggregateState, keys: [Int], groups range: Range<Int>) throws(SQLError) {
    let targets: UnsafeMutablePointer<Int32>
    if let groups, let finerKeys = finer.groups?.table.keys {
      let columns = keys.map { finerKeys.column($0, range) }
      targets = try groups.groups(of: columns, rowCount: range.count)
      resizeAccumulators()
    } else {
      targets = zeros.reserve(range.count, filledWith: 0)
    }
    let wanted = range.map { Int32(truncatingIfNeeded: $0) }
    try wanted.withUnsafeBufferPointer { (wanted) throws(SQLError) in
      let mapping = GroupMapping(
        sources: wanted,
        targets: UnsafeBufferPointer(start: targets, count: range.count)
      )
      for (accumulator, other) in zip(accumulators, finer.accumulators) {
        try accumulator.merge(other, mapping: mapping)
      }
    }
  }

  /// Adds distinct rows of another state, which several may read, and feeds what is new to the
  /// calls over them.
  ///
  /// - Parameters:
  ///   - wanted: positions of rows in the other's set.
  ///   - targets: the group here of each group there.
  func mergeDistinct(
    _ set: Int,
    of other: AggregateState,
    rows wanted: UnsafeBufferPointer<Int32>,
    targets: UnsafePointer<Int32>
  ) throws(SQLError) {
    try distinctRows[set].insert(other.distinctRows[set], rows: wanted, targets: targets) {
      (range) throws(SQLError) in try feedDistinct(set, range)
    }
  }

  /// Feeds distinct rows to the calls over them.
  func feedDistinct(_ set: Int, _ range: Range<Int>) throws(SQLError) {
    try specification.feed(distinctRows[set], range, of: set, to: accumulators)
  }

  /// Forgets the distinct rows, when all of them are fed.
  func dropDistinct() { distinctRows = [] }

  /// Books what the state holds now.
  func book() throws(SQLError) { try reservation.resize(to: measure()) }

  /// Books, where it is time, what the state holds once as many more groups have come, if that leaves
  /// enough to others. Tables double, so this is asked before it happens.
  ///
  /// - Returns: false if rows should be spilled from now on.
  func offer(_ additional: Int) -> Bool {
    var growth = groups?.table.growth(by: additional) ?? 0
    let groupsGrow = growth > 0
    for rows in distinctRows { growth += rows.growth(by: additional) }
    guard growth > 0 || isBookingDue else { return true }
    let byteCount = measure()
    if groupsGrow { for accumulator in accumulators { growth += accumulator.byteCount } }
    if reservation.offer(byteCount + growth) { return true }
    reservation.force(to: byteCount)
    return false
  }

  /// Books what the state holds at last, whatever the limit: its groups can be merged part by part.
  func bookKept() { reservation.force(to: measure()) }

  private func measure() -> Int {
    bookingGroupCount = groupCount + groupCount / 8 + 512
    unbookedBatchCount = 0
    return byteCount
  }

  /// Returns the output columns of a range of groups.
  ///
  /// Several may ask at the same time; accumulators serve one at a time.
  func finish(_ range: Range<Int>) throws(SQLError) -> Batch {
    var columns: [ColumnVector] = []
    for output in specification.output {
      switch output {
      case .key(let index):
        guard let groups else { throw .internal("a key of an aggregation without keys") }
        columns.append(groups.table.keys.column(index, range))
      case .call(let index):
        columns.append(
          try finishLock.withLock { () throws(SQLError) in try accumulators[index].finish(range) }
        )
      case .shiftedSum(let index, let shift):
        let sums = try sameKind(accumulators[index], as: IntegerSumAccumulator.self)
        columns.append(try sums.finish(range, shiftedBy: shift))
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
