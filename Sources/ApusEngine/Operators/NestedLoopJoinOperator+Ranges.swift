import ApusValues
import ApusVectors

extension NestedLoopJoinOperator.Consumer {
  /// Neighbours from which on they are taken as they lie, and not row by row.
  private static let sliceCount = 64

  /// Pairs the rows of a batch with those that an index finds for them.
  ///
  /// - Returns: whether more is wanted.
  func joinByRange(
    _ batch: Batch,
    _ index: RangeJoinIndex,
    _ probe: RangeJoinIndex.Probe,
    filter: PairFilter?
  ) throws(SQLError) -> Bool {
    let capacity = max(context.batchCapacity, 1)
    // Where nothing but the index decides, one match says all of a left row.
    let needsOne = !shape.emitsPairs && filter == nil
    var pairs = RowPairs()
    for row in 0..<batch.rowCount {
      let neighbours = index.neighbours(of: row, probe)
      if neighbours.isEmpty { continue }
      if index.hasSecondKey {
        var goesOn = true
        try index.forEachMatch(among: neighbours, of: row, probe) { (right) throws(SQLError) in
          if needsOne {
            states[row] = 1
            return false
          }
          pairs.append(row, right)
          if pairs.count >= capacity { goesOn = try flush(&pairs, batch, filter) }
          return goesOn
        }
        if !goesOn { return false }
      } else if needsOne {
        states[row] = 1
      } else if neighbours.count < Self.sliceCount {
        for right in neighbours { pairs.append(row, right) }
        if pairs.count >= capacity, try !flush(&pairs, batch, filter) { return false }
      } else if try !pair(row, of: batch, with: neighbours, filter) {
        return false
      }
    }
    return try flush(&pairs, batch, filter)
  }

  /// Pairs of a left row of a batch with a right row.
  private struct RowPairs {
    var left: [Int32] = []
    var right: [Int32] = []

    var count: Int { left.count }

    mutating func append(_ left: Int, _ right: Int) {
      self.left.append(Int32(truncatingIfNeeded: left))
      self.right.append(Int32(truncatingIfNeeded: right))
    }
  }

  /// Filters the pairs, notes who matched and puts them out.
  private func flush(_ pairs: inout RowPairs, _ batch: Batch, _ filter: PairFilter?)
    throws(SQLError) -> Bool
  {
    if pairs.count == 0 { return true }
    try context.cancellation.check()
    defer { pairs = RowPairs() }
    var kept = pairs
    if let filter {
      let result = pairs.left.withUnsafeBufferPointer { left in
        pairs.right.withUnsafeBufferPointer { right in
          filter.columns.map { column in
            switch column {
            case .left(let index): batch.columns[index].gather(left)
            case .right(let index): build.columns[index].gather(right)
            }
          }
        }
      }
      var columns = result.makeIterator()
      let isTrue = try filter.evaluate(pairCount: pairs.count) { _ in
        columns.next() ?? .constant(.null, type: .boolean, count: pairs.count)
      }
      let selection = Selection.all(pairs.count).intersection(whereTrue: isTrue)
      if let indices = selection.indices {
        kept = RowPairs()
        for pair in indices {
          kept.left.append(pairs.left[Int(pair)])
          kept.right.append(pairs.right[Int(pair)])
        }
      }
    }
    for row in kept.left { states[Int(row)] = 1 }
    if shape.keepsRight, let matches { for row in kept.right { matches.set(Int(row)) } }
    guard shape.emitsPairs, kept.count > 0 else { return true }
    let columns = kept.left.withUnsafeBufferPointer { left in
      kept.right.withUnsafeBufferPointer { right in
        shape.leftOutput.map { batch.columns[$0].gather(left) }
          + shape.rightOutput.map { build.columns[$0].gather(right) }
      }
    }
    return try output.consume(Batch(columns: columns, rowCount: kept.count))
  }
}
