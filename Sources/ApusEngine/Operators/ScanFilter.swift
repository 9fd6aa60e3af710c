import ApusPlanner
import ApusValues
import ApusVectors

/// The conjuncts of the filter right above a scan, which the scan runs itself: columns that only
/// rows passing the filter need are then read for those rows alone.
///
/// Rows that pass are then held against the bounds of limits and the keys of joins above, where those
/// are known: a row that they would not keep goes no further.
///
/// The filter stays a node of its own in the profile: the scan's rows are those that it looked at,
/// the filter's those that go on; time goes to the scan for reading and to the filter for
/// evaluating.
struct ScanFilter: Sendable {
  /// One conjunct with the columns that it reads, by position among those of the scan.
  struct Conjunct: Sendable {
    var expression: any CompiledExpression
    var columns: [Int]
    var isDeterministic: Bool

    /// What the conjunct says of rows whose values in its columns are known.
    ///
    /// - Parameter types: of the scan's columns.
    /// - Returns: false if none of the rows passes; an error is left to whoever reads them.
    func mayHold(_ values: [Value], types: [SQLType]) -> Bool {
      var vectors = types.map { ColumnVector.constant(.null, type: $0, count: 1) }
      for (column, value) in zip(columns, values) {
        vectors[column] = .constant(value, type: types[column], count: 1)
      }
      var errors = RowErrors()
      let batch = Batch(columns: vectors, rowCount: 1)
      guard let result = try? expression.evaluate(batch, rows: .all(1), errors: &errors),
        errors.isEmpty
      else { return true }
      return !Selection.all(1).intersection(whereTrue: result).isEmpty
    }
  }

  /// The keys of a join for a column, by position among those of the scan.
  struct Keys: Sendable {
    var column: Int
    var type: SQLType
    var filter: KeyFilter
  }

  /// The order of a limit that begins with a column, by position among those of the scan.
  struct Bound: Sendable {
    var column: Int
    var bound: SortBound
  }

  /// The filter's node, or the scan's if there is no filter.
  var node: Int
  var conjuncts: [Conjunct] = []
  var keys: [Keys] = []
  var bounds: [Bound] = []
  /// The scan's columns that are needed above the filter.
  var output: [Int]
}

/// One worker's run of a scan's filter.
final class ScanFilterRun: VectorFilter {
  private let filter: ScanFilter
  private let columnCount: Int
  private let profile: WorkerProfile
  /// Stands in a batch for columns that no conjunct has needed so far.
  private let absent = ColumnVector.constant(.null, type: .unknown, count: 1)
  /// Of the latest batch, the rows looked at, those kept, and those left out for what is above.
  private(set) var counts = (read: 0, kept: 0, unmatched: 0)
  /// For each of the filter's keys and of its bounds, what came of them so far.
  private var histories: [History]
  private var boundHistories: [History]
  private let probes: [KeyFilterProbe]

  /// The rows held against keys or a bound, and those that were kept.
  private struct History {
    var tested = 0
    var kept = 0

    /// Whether testing costs more than it saves.
    var isFutile: Bool { tested > 1 << 15 && kept > tested / 4 * 3 }
  }

  init(_ filter: ScanFilter, columnCount: Int, profile: WorkerProfile) {
    self.filter = filter
    self.columnCount = columnCount
    self.profile = profile
    histories = Array(repeating: History(), count: filter.keys.count)
    boundHistories = Array(repeating: History(), count: filter.bounds.count)
    probes = filter.keys.map { KeyFilterProbe($0.filter, type: $0.type) }
  }

  var output: [Int] { filter.output }

  /// Runs the conjuncts in order, each only over the rows that those before it have left, as the
  /// filter would; columns that only later ones need are not asked for once no row is left.
  func select(
    _ rowCount: Int,
    column: (Int) throws(SQLError) -> ColumnVector
  ) throws(SQLError) -> Selection {
    var columns = Array(repeating: absent.repeated(rowCount), count: columnCount)
    var isKnown = Array(repeating: false, count: columnCount)
    var selection = Selection.all(rowCount)
    for conjunct in filter.conjuncts {
      for index in conjunct.columns where !isKnown[index] {
        columns[index] = try column(index)
        isKnown[index] = true
      }
      let previous = profile.enter(filter.node)
      defer { profile.enter(previous) }
      var errors = RowErrors()
      let batch = Batch(columns: columns, rowCount: rowCount)
      let result = try conjunct.expression.evaluate(batch, rows: selection, errors: &errors)
      try errors.raise(for: selection)
      selection = selection.intersection(whereTrue: result)
      if selection.isEmpty { break }
    }
    let passed = selection.count
    for (index, bound) in filter.bounds.enumerated()
    where !selection.isEmpty && bound.bound.value < .max && !boundHistories[index].isFutile {
      if !isKnown[bound.column] {
        columns[bound.column] = try column(bound.column)
        isKnown[bound.column] = true
      }
      boundHistories[index].tested += selection.count
      selection = bound.bound.intersection(selection, columns[bound.column])
      boundHistories[index].kept += selection.count
    }
    for (index, keys) in filter.keys.enumerated() where !histories[index].isFutile {
      // Where few rows are left, reading the key of all of them would not pay.
      if !isKnown[keys.column], selection.count * 16 < rowCount { continue }
      if selection.isEmpty { break }
      if !isKnown[keys.column] {
        columns[keys.column] = try column(keys.column)
        isKnown[keys.column] = true
      }
      histories[index].tested += selection.count
      selection = probes[index].intersection(selection, columns[keys.column])
      histories[index].kept += selection.count
    }
    counts = (rowCount, selection.count, passed - selection.count)
    return selection
  }
}
