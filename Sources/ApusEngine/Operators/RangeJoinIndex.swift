import ApusPlanner
import ApusValues
import ApusVectors

/// Finds the right rows that satisfy the inequalities of a join, in time that grows with their
/// number: neighbours in the order of the first key by binary search, those among them that satisfy
/// a condition on a second key by descending a tree of its extremes.
///
///     … ON a.t >= b.start AND a.t < b.end         right rows by start; of those up to a.t
///                                                 the ones whose end is above it
///
/// For any two inequalities this does what IEJoin does (Khayyat et al., "Lightning Fast and Space
/// Efficient Inequality Joins", VLDB 2015), and needs no order of the left side.
///
/// Safety: read only.
final class RangeJoinIndex: Sendable {
  private static let fanOut = 16

  private let keys: RangeJoinKeys
  /// The words of the first key, ascending; rows behind have none that compares.
  private let firstWords: [UInt64]
  /// Level 0: for each row the word of the second key, inverted where the condition asks for small
  /// ones; above, the largest of each `fanOut`. Empty without a second key.
  private let secondLevels: [[UInt64]]
  private let isSecondComparable: [UInt8]?

  /// - Parameters:
  ///   - first: of the right rows in the order of this key, those that do not compare last.
  ///   - second: of the rows in the same order.
  init(_ keys: RangeJoinKeys, first: OrderWords, second: OrderWords?) {
    self.keys = keys
    let count = first.words.indices.firstIndex { !first.isComparable($0) } ?? first.words.count
    firstWords = Array(first.words.prefix(count))
    isSecondComparable = second?.isComparable
    var levels: [[UInt64]] = []
    if let second, let op = keys.secondOperator {
      let inversion: UInt64 = op.asksForSmall ? .max : 0
      var level = (0..<count).map { row in
        second.isComparable(row) ? second.words[row] ^ inversion : 0
      }
      levels.append(level)
      while level.count > RangeJoinIndex.fanOut {
        level = stride(from: 0, to: level.count, by: RangeJoinIndex.fanOut).map { start in
          level[start..<min(start + RangeJoinIndex.fanOut, level.count)].max() ?? 0
        }
        levels.append(level)
      }
    }
    secondLevels = levels
  }

  var byteCount: Int { (firstWords.count + secondLevels.reduce(0) { $0 + $1.count }) * 8 }

  /// The left values of a batch.
  struct Probe {
    fileprivate var first: [OrderWords]
    fileprivate var second: OrderWords?
  }

  /// Evaluates the left sides of the conditions.
  ///
  /// - Returns: nil if that fails for a row, which may have no partner to fail with.
  static func probe(_ batch: Batch, _ bounds: RangeJoinBounds) throws(SQLError) -> Probe? {
    var errors = RowErrors()
    let all = Selection.all(batch.rowCount)
    var probe = Probe(first: [], second: nil)
    for bound in bounds.first {
      probe.first.append(try OrderWords(try bound.evaluate(batch, rows: all, errors: &errors)))
    }
    if let bound = bounds.second {
      probe.second = try OrderWords(try bound.evaluate(batch, rows: all, errors: &errors))
    }
    return errors.isEmpty ? probe : nil
  }

  /// The right rows that satisfy the conditions on the first key.
  func neighbours(of row: Int, _ probe: Probe) -> Range<Int> {
    var lower = 0
    var upper = firstWords.count
    for (op, words) in zip(keys.firstOperators, probe.first) {
      guard words.isComparable(row) else { return 0..<0 }
      let word = words.words[row]
      switch op {
      case .greater: lower = max(lower, firstPlace(above: word, orEqual: false))
      case .greaterOrEqual: lower = max(lower, firstPlace(above: word, orEqual: true))
      case .less: upper = min(upper, firstPlace(above: word, orEqual: true))
      default: upper = min(upper, firstPlace(above: word, orEqual: false))
      }
    }
    return lower..<max(lower, upper)
  }

  /// The first place whose word is above the given one, or equal to it if that is enough.
  private func firstPlace(above word: UInt64, orEqual: Bool) -> Int {
    var lower = 0
    var upper = firstWords.count
    while lower < upper {
      let middle = (lower + upper) / 2
      let isBelow = orEqual ? firstWords[middle] < word : firstWords[middle] <= word
      if isBelow { lower = middle + 1 } else { upper = middle }
    }
    return lower
  }

  /// Whether conditions on a second key pick from the neighbours.
  var hasSecondKey: Bool { keys.second != nil }

  /// Calls `body` with the right rows among neighbours that satisfy the condition on the second key,
  /// until it returns false.
  func forEachMatch(
    among neighbours: Range<Int>,
    of row: Int,
    _ probe: Probe,
    _ body: (Int) throws(SQLError) -> Bool
  ) throws(SQLError) {
    guard let op = keys.secondOperator, let words = probe.second,
      words.isComparable(row)
    else { return }
    var bound = words.words[row] ^ (op.asksForSmall ? .max : 0)
    if op.isStrict {
      guard bound < .max else { return }
      bound += 1
    }
    var place = neighbours.lowerBound
    while place < neighbours.upperBound {
      // Up as far as whole blocks begin here and hold nothing, then on to the next.
      var level = 0
      var index = place
      while level + 1 < secondLevels.count, index % RangeJoinIndex.fanOut == 0,
        secondLevels[level + 1][index / RangeJoinIndex.fanOut] < bound
      {
        index /= RangeJoinIndex.fanOut
        level += 1
      }
      if level > 0 {
        place = (index + 1) << (4 * level)
        continue
      }
      if secondLevels[0][place] >= bound, isSecondComparable.map({ $0[place] != 0 }) ?? true {
        guard try body(place) else { return }
      }
      place += 1
    }
  }
}

extension Comparison.Operator {
  /// Whether small values satisfy it.
  fileprivate var asksForSmall: Bool { self == .less || self == .lessOrEqual }

  fileprivate var isStrict: Bool { self == .less || self == .greater }
}

/// Puts the right rows of a join in the order of a key and indexes them, in rounds of tasks.
///
/// Safety: tasks write rows of their own; the rest changes between rounds.
final class RangeJoinOrdering: @unchecked Sendable {
  private let keys: RangeJoinKeys
  private let source: ConcatenatedColumns
  private let first: ColumnVector
  private let second: OrderWords?
  private let sort: ParallelSort
  private var builders: [VectorBuilder] = []
  private var ranges: [Range<Int>] = []
  private let reservation: Reservation
  private var isSorted = false

  /// What there is in the end.
  private(set) var rows: ConcatenatedColumns?
  private(set) var index: RangeJoinIndex?

  /// Rows of a task.
  private static let taskRowCount = 65_536

  /// - Returns: nil if a key fails for a row, which may have no partner to fail with.
  /// - Throws: EXCEEDED_LOCAL_MEMORY_LIMIT.
  init?(_ keys: RangeJoinKeys, _ source: ConcatenatedColumns, _ context: WorkerContext)
    throws(SQLError)
  {
    self.keys = keys
    self.source = source
    let batch = Batch(columns: source.columns, rowCount: source.rowCount)
    var errors = RowErrors()
    let all = Selection.all(source.rowCount)
    first = try keys.first.evaluate(batch, rows: all, errors: &errors).flattened()
    second = try keys.second.map { second throws(SQLError) in
      try OrderWords(try second.evaluate(batch, rows: all, errors: &errors))
    }
    reservation = Reservation(context.memory)
    guard errors.isEmpty else { return nil }
    // The rows again, and words of keys while they are put in order.
    try reservation.resize(to: source.byteCount + source.rowCount * 40)
    // NaN is the largest number and NULL comes after it.
    sort = try ParallelSort(
      [SortOrder(type: first.type, isAscending: true, nullsFirst: false)],
      keys: [first],
      rowCount: source.rowCount,
      workerCount: context.workerCount,
      memory: context.memory
    )
  }

  /// - Returns: the number of tasks of the next round; nil when all is done.
  func prepareRound() throws(SQLError) -> Int? {
    if !isSorted {
      if let count = sort.prepareRound() { return count }
      isSorted = true
      for column in source.columns {
        let builder = VectorBuilder(type: column.type, capacity: source.rowCount)
        if column.mayHaveNulls { _ = builder.makeValidity() }
        builder.retain(heaps: column.storage.heaps)
        builders.append(builder)
      }
      ranges = stride(from: 0, to: source.rowCount, by: RangeJoinOrdering.taskRowCount).map {
        $0..<min($0 + RangeJoinOrdering.taskRowCount, source.rowCount)
      }
      return ranges.count
    }
    try finish()
    return nil
  }

  func runTask(_ task: Int) {
    guard isSorted else {
      sort.runTask(task)
      return
    }
    let range = ranges[task]
    sort.rows(range).withUnsafeBufferPointer { rows in
      for (column, builder) in zip(source.columns, builders) {
        column.gather(rows, into: builder, at: range.lowerBound)
      }
    }
  }

  private func finish() throws(SQLError) {
    let order = sort.rows(0..<source.rowCount)
    let index = try order.withUnsafeBufferPointer { (order) throws(SQLError) in
      RangeJoinIndex(
        keys,
        first: try OrderWords(first.gather(order)),
        second: second.map { $0.gathered(order) }
      )
    }
    self.index = index
    rows = ConcatenatedColumns(
      columns: builders.map { $0.finish(count: source.rowCount) },
      rowCount: source.rowCount,
      reservation: reservation
    )
    builders = []
  }
}
