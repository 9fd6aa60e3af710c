import ApusPlanner
import ApusValues
import ApusVectors

/// The conjuncts of the filter right above a scan, which the scan runs itself: columns that only
/// rows passing the filter need are then read for those rows alone.
///
/// The filter stays a node of its own in the profile: the scan's rows are those that it looked at,
/// the filter's those that it kept; time goes to the scan for reading and to the filter for
/// evaluating.
struct ScanFilter: Sendable {
  /// One conjunct with the columns that it reads, by position among those of the scan.
  struct Conjunct: Sendable {
    var expression: any CompiledExpression
    var columns: [Int]
  }

  /// The filter's node.
  var node: Int
  var conjuncts: [Conjunct]
  /// The scan's columns that are needed above the filter.
  var output: [Int]
}

/// One worker's run of a scan's filter.
final class ScanFilterRun: VectorFilter {
  private let filter: ScanFilter
  private let profile: WorkerProfile
  /// Stands in a batch for columns that no conjunct has needed so far.
  private let absent = ColumnVector.constant(.null, type: .unknown, count: 1)
  /// The rows looked at and those kept of the latest batch.
  private(set) var counts = (read: 0, kept: 0)
  private let columnCount: Int

  init(_ filter: ScanFilter, columnCount: Int, profile: WorkerProfile) {
    self.filter = filter
    self.columnCount = columnCount
    self.profile = profile
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
    counts = (rowCount, selection.count)
    return selection
  }
}
