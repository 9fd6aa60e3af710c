import ApusPlanner
import ApusValues
import ApusVectors

/// What a join puts out and checks, for all ways to run it.
struct JoinShape: Sendable {
  var kind: Join.Kind
  var isNullAware: Bool
  /// The columns put out, as positions in the left batches and among the kept right columns.
  var leftOutput: [Int]
  var rightOutput: [Int]
  var leftOutputTypes: [SQLType]
  var rightOutputTypes: [SQLType]
  /// What a pair must satisfy besides its keys.
  var filter: PairFilter?
  /// For null-aware joins of several criteria or with a filter: what makes a pair count whose first
  /// keys are not both known. Without one every such pair counts.
  var unknownFilter: PairFilter?

  /// Whether left rows without a match are put out with NULLs.
  var keepsLeft: Bool { kind == .left || kind == .full }

  /// Whether right rows without a match are put out with NULLs.
  var keepsRight: Bool { kind == .right || kind == .full }

  /// Whether nothing is put out for left rows where there is no right one.
  var needsRight: Bool {
    switch kind {
    case .inner, .semi, .right, .rightSemi, .rightAnti: true
    case .left, .full, .anti, .mark: false
    }
  }

  /// Whether pairs are put out, and not just left rows.
  var emitsPairs: Bool {
    switch kind {
    case .inner, .left, .right, .full: true
    case .semi, .anti, .mark, .rightSemi, .rightAnti: false
    }
  }

  /// Whether only the right rows' matches count and nothing is put out while probing.
  var onlyMarksRight: Bool { kind == .rightSemi || kind == .rightAnti }

  /// Whether matches of right rows are noted.
  var tracksRight: Bool { keepsRight || onlyMarksRight }

  /// Returns a left batch's output by what is known of each row: 1 matched, 0 not, 2 unknown.
  ///
  /// For semi, anti and mark joins.
  ///
  /// - Returns: nil if no row is left.
  func leftRows(_ batch: Batch, states: UnsafeBufferPointer<UInt8>) -> Batch? {
    let left = Batch(columns: leftOutput.map { batch.columns[$0] }, rowCount: batch.rowCount)
    switch kind {
    case .semi: return select(left, states, state: 1)
    case .anti: return select(left, states, state: 0)
    case .mark(let column):
      let builder = VectorBuilder(type: column.type, capacity: states.count)
      let values = builder.values(as: UInt8.self)
      for row in 0..<states.count {
        if states[row] == 2 { builder.setNull(row) } else { values[row] = states[row] }
      }
      return Batch(
        columns: left.columns + [builder.finish(count: states.count)],
        rowCount: batch.rowCount
      )
    case .inner, .left, .right, .full, .rightSemi, .rightAnti: return left
    }
  }

  private func select(_ left: Batch, _ states: UnsafeBufferPointer<UInt8>, state: UInt8) -> Batch? {
    var rows: [Int32] = []
    for row in 0..<states.count where states[row] == state {
      rows.append(Int32(truncatingIfNeeded: row))
    }
    if rows.isEmpty { return nil }
    if rows.count == left.rowCount { return left }
    return left.select(Selection(rowCount: left.rowCount, indices: rows))
  }
}

/// A condition on pairs of a left and a right row.
struct PairFilter: Sendable {
  /// A column of the pairs.
  enum Column: Sendable {
    case left(Int)
    case right(Int)
  }

  var expression: any CompiledExpression
  /// The columns over which the expression is compiled.
  var columns: [Column]

  /// Evaluates the condition.
  ///
  /// - Parameter column: makes a column of the pairs.
  func evaluate(pairCount: Int, column: (Column) -> ColumnVector) throws(SQLError) -> ColumnVector {
    let batch = Batch(columns: columns.map(column), rowCount: pairCount)
    var errors = RowErrors()
    let result = try expression.evaluate(batch, rows: .all(pairCount), errors: &errors)
    try errors.raise()
    return result
  }
}
