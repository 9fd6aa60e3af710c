import ApusValues
import ApusVectors

/// Pairs every left row with every right row, for joins without keys; where inequalities say which
/// right rows can match, only with these.
///
/// One side's row stands as constants beside many rows of the other, whichever makes longer
/// batches, so pairs cost no copying; with a single right row (a scalar subquery) left batches pass
/// with constants added.
final class NestedLoopJoinOperator: StreamingOperator {
  let node: Int
  private let build: JoinBuildSink
  private let shape: JoinShape
  /// What the build side's range keys are compared with, if it has some.
  private let bounds: RangeJoinBounds?
  private let joinsSmallBatches: Bool

  /// - Parameter joinsSmallBatches: not so where a limit above waits for few rows.
  init(
    node: Int,
    build: JoinBuildSink,
    shape: JoinShape,
    bounds: RangeJoinBounds?,
    joinsSmallBatches: Bool
  ) {
    self.bounds = bounds
    self.joinsSmallBatches = joinsSmallBatches
    self.node = node
    self.build = build
    self.shape = shape
  }

  func makeConsumer(_ context: WorkerContext, output: any BatchConsumer) throws(SQLError)
    -> any BatchConsumer
  {
    guard let rows = build.rows else {
      throw .internal("a join was probed before it was built")
    }
    return Consumer(
      shape: shape,
      rows: rows,
      bounds: bounds,
      index: build.rangeIndex,
      matches: build.matches,
      context: context,
      output: BatchJoiner(output: output, target: joinsSmallBatches ? context.batchCapacity / 4 : 0)
    )
  }

  final class Consumer: BatchConsumer {
    let shape: JoinShape
    let build: ConcatenatedColumns
    private let bounds: RangeJoinBounds?
    private let index: RangeJoinIndex?
    let matches: MatchFlags?
    let context: WorkerContext
    let output: BatchJoiner
    /// What is known of each left row: 1 matched, 0 not, 2 unknown.
    var states: [UInt8] = []

    init(
      shape: JoinShape,
      rows: ConcatenatedColumns,
      bounds: RangeJoinBounds?,
      index: RangeJoinIndex?,
      matches: MatchFlags?,
      context: WorkerContext,
      output: BatchJoiner
    ) {
      self.shape = shape
      build = rows
      self.bounds = bounds
      self.index = index
      self.matches = matches
      self.context = context
      self.output = output
    }

    func flush() throws(SQLError) { try output.flush() }

    func consume(_ batch: Batch) throws(SQLError) -> Bool {
      if build.rowCount == 0, shape.needsRight { return false }
      states = Array(repeating: 0, count: batch.rowCount)
      if let index, let bounds, let probe = try RangeJoinIndex.probe(batch, bounds) {
        guard try joinByRange(batch, index, probe, filter: bounds.filter) else { return false }
      } else if build.rowCount <= batch.rowCount {
        for row in 0..<build.rowCount {
          let columns = build.columns.map { $0.constant(row, count: batch.rowCount) }
          if try !pair(
            batch.columns,
            columns,
            leftRows: 0..<batch.rowCount,
            rightRows: row..<row + 1,
            shape.filter
          ) {
            return false
          }
          try context.cancellation.check()
        }
      } else {
        for row in 0..<batch.rowCount {
          if try !pair(row, of: batch, with: 0..<build.rowCount, shape.filter) { return false }
        }
      }
      return try finish(batch)
    }

    /// Takes pairs of a left row with right rows that lie side by side.
    func pair(
      _ row: Int,
      of batch: Batch,
      with rightRows: Range<Int>,
      _ filter: PairFilter?
    ) throws(SQLError) -> Bool {
      var start = rightRows.lowerBound
      while start < rightRows.upperBound {
        let end = min(start + max(context.batchCapacity, 1), rightRows.upperBound)
        let left = batch.columns.map { $0.constant(row, count: end - start) }
        let right = build.columns.map { $0.slice(start..<end) }
        if try !pair(left, right, leftRows: row..<row + 1, rightRows: start..<end, filter) {
          return false
        }
        start = end
        if states[row] == 1, !shape.emitsPairs { break }
        try context.cancellation.check()
      }
      return true
    }

    /// Takes pairs of one row of a side with a range of the other's.
    private func pair(
      _ left: [ColumnVector],
      _ right: [ColumnVector],
      leftRows: Range<Int>,
      rightRows: Range<Int>,
      _ filter: PairFilter?
    ) throws(SQLError) -> Bool {
      let count = max(leftRows.count, rightRows.count)
      var kept = Selection.all(count)
      if let filter {
        let result = try filter.evaluate(pairCount: count) { column in
          switch column {
          case .left(let index): left[index]
          case .right(let index): right[index]
          }
        }
        kept = kept.intersection(whereTrue: result)
        if shape.isNullAware, result.mayHaveNulls {
          for pair in 0..<count where result.isNull(pair) {
            let row = leftRows.count == 1 ? leftRows.lowerBound : pair
            if states[row] == 0 { states[row] = 2 }
          }
        }
      }
      if kept.isEmpty { return true }
      note(kept, leftRows: leftRows, rightRows: rightRows)
      guard shape.emitsPairs else { return true }
      let pairs = Batch(
        columns: shape.leftOutput.map { left[$0] } + shape.rightOutput.map { right[$0] },
        rowCount: count
      )
      return try output.consume(pairs.select(kept))
    }

    /// Notes who matched.
    private func note(_ kept: Selection, leftRows: Range<Int>, rightRows: Range<Int>) {
      if leftRows.count == 1 {
        states[leftRows.lowerBound] = 1
      } else if let indices = kept.indices {
        for row in indices { states[Int(row)] = 1 }
      } else {
        for row in leftRows { states[row] = 1 }
      }
      guard shape.keepsRight, let matches else { return }
      if rightRows.count == 1 {
        matches.set(rightRows.lowerBound)
      } else if let indices = kept.indices {
        for row in indices { matches.set(rightRows.lowerBound + Int(row)) }
      } else {
        for row in rightRows { matches.set(row) }
      }
    }

    /// Puts out what rows without a match give.
    private func finish(_ batch: Batch) throws(SQLError) -> Bool {
      if !shape.emitsPairs {
        let result = states.withUnsafeBufferPointer { shape.leftRows(batch, states: $0) }
        guard let result else { return true }
        return try output.consume(result)
      }
      guard shape.keepsLeft else { return true }
      let unmatched = states.indices.filter { states[$0] == 0 }
      if unmatched.isEmpty { return true }
      let selection = Selection(
        rowCount: batch.rowCount,
        indices: unmatched.map { Int32(truncatingIfNeeded: $0) }
      )
      let left = Batch(
        columns: shape.leftOutput.map { batch.columns[$0] },
        rowCount: batch.rowCount
      ).select(selection)
      let nulls = shape.rightOutputTypes.map {
        ColumnVector.constant(.null, type: $0, count: left.rowCount)
      }
      return try output.consume(Batch(columns: left.columns + nulls, rowCount: left.rowCount))
    }
  }
}

extension ColumnVector {
  /// Returns `count` rows of the value at `row`.
  fileprivate func constant(_ row: Int, count: Int) -> ColumnVector {
    let position = Int32(truncatingIfNeeded: row)
    let single = withUnsafePointer(to: position) { pointer in
      flattenedGather(UnsafeBufferPointer(start: pointer, count: 1))
    }
    return ColumnVector(type: type, count: count, encoding: .constant, storage: single.storage)
  }

  private func flattenedGather(_ rows: UnsafeBufferPointer<Int32>) -> ColumnVector {
    if encoding == .constant { return self }
    return gather(rows).flattened()
  }
}
