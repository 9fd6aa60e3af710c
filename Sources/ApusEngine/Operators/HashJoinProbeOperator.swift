import ApusValues
import ApusVectors

/// Finds for each left row the build rows of equal keys.
///
/// A batch is probed in rounds, each a loop of its own over all rows: first the buckets of all keys,
/// then again and again one step along all chains that are left, so that the memory accesses of
/// many rows overlap. Most rows are through after the first step.
final class HashJoinProbeOperator: StreamingOperator {
  let node: Int
  let build: JoinBuildSink
  let keys: [any CompiledExpression]
  let shape: JoinShape
  private let joinsSmallBatches: Bool

  /// - Parameter joinsSmallBatches: not so where a limit above waits for few rows.
  init(
    node: Int,
    build: JoinBuildSink,
    keys: [any CompiledExpression],
    shape: JoinShape,
    joinsSmallBatches: Bool
  ) {
    self.joinsSmallBatches = joinsSmallBatches
    self.node = node
    self.build = build
    self.keys = keys
    self.shape = shape
  }

  func makeConsumer(_ context: WorkerContext, output: any BatchConsumer) throws(SQLError)
    -> any BatchConsumer
  {
    if let spilled = build.spilled {
      return SpilledProbeConsumer(spilled, keys: keys, build.keyLayout, context, output: output)
    }
    return try makeConsumer(of: build, context, output: output)
  }

  /// Makes what finds rows among those of `build`, which may be a part of all.
  func makeConsumer(
    of build: JoinBuildSink,
    _ context: WorkerContext,
    output: any BatchConsumer
  ) throws(SQLError) -> any BatchConsumer {
    guard let table = build.table, let rows = build.rows else {
      throw .internal("a join was probed before it was built")
    }
    return Consumer(
      probe: self,
      build: build,
      table: table,
      rows: rows,
      capacity: context.batchCapacity,
      output: BatchJoiner(output: output, target: joinsSmallBatches ? context.batchCapacity / 4 : 0)
    )
  }

  private final class Consumer: BatchConsumer {
    private let keys: [any CompiledExpression]
    private let shape: JoinShape
    private let build: JoinBuildSink
    private let table: JoinTable
    private let buildColumns: [ColumnVector]
    private let capacity: Int
    private let output: BatchJoiner
    private let encoder: KeyEncoder
    private let candidates = JoinCandidates()
    private let found = JoinCandidates()
    private let pending = JoinCandidates()
    private var pendingCount = 0
    private var states: [UInt8] = []

    init(
      probe: HashJoinProbeOperator,
      build: JoinBuildSink,
      table: JoinTable,
      rows: ConcatenatedColumns,
      capacity: Int,
      output: BatchJoiner
    ) {
      keys = probe.keys
      shape = probe.shape
      self.build = build
      self.table = table
      buildColumns = rows.columns
      self.capacity = capacity
      self.output = output
      encoder = KeyEncoder(table.layout)
    }

    func flush() throws(SQLError) { try output.flush() }

    func consume(_ batch: Batch) throws(SQLError) -> Bool {
      let rowCount = batch.rowCount
      if table.rowCount == 0, shape.needsRight { return false }
      states = Array(repeating: 0, count: rowCount)
      candidates.reserve(rowCount)
      found.reserve(rowCount)
      pending.reserve(rowCount + max(capacity, rowCount))
      pendingCount = 0
      let vectors = try keys.evaluated(batch)
      encoder.encode(vectors, rowCount: rowCount, hashes: table.usesHashes)
      var candidateCount = table.begin(encoder, rowCount: rowCount, into: candidates)
      while candidateCount > 0 {
        var (pairCount, left) = table.advance(
          encoder,
          candidates: candidates,
          count: candidateCount,
          pairs: found
        )
        if pairCount > 0, let filter = shape.filter {
          pairCount = try keepPairs(satisfying: filter, batch, found, count: pairCount)
        }
        if try !take(pairCount, batch) { return false }
        if !shape.emitsPairs, !shape.onlyMarksRight { left = dropMatched(left) }
        candidateCount = left
      }
      return try finish(batch, vectors)
    }

    /// Keeps those of the pairs for which a condition is true, in place.
    private func keepPairs(
      satisfying filter: PairFilter,
      _ batch: Batch,
      _ pairs: JoinCandidates,
      count: Int
    ) throws(SQLError) -> Int {
      let result = try filter.evaluate(pairCount: count) { column in
        switch column {
        case .left(let index):
          batch.columns[index].gather(UnsafeBufferPointer(start: pairs.rows, count: count))
        case .right(let index):
          buildColumns[index].gather(UnsafeBufferPointer(start: pairs.matches, count: count))
        }
      }
      guard let kept = Selection.all(count).intersection(whereTrue: result).indices else {
        return count
      }
      for (position, index) in kept.enumerated() {
        pairs.rows[position] = pairs.rows[Int(index)]
        pairs.matches[position] = pairs.matches[Int(index)]
      }
      return kept.count
    }

    /// Notes who matched and holds the pairs for output, which goes on when there are many.
    private func take(_ pairCount: Int, _ batch: Batch) throws(SQLError) -> Bool {
      guard pairCount > 0 else { return true }
      if shape.tracksRight, let matches = build.matches {
        for index in 0..<pairCount { matches.set(Int(found.matches[index])) }
      }
      if shape.keepsLeft || !(shape.emitsPairs || shape.onlyMarksRight) {
        for index in 0..<pairCount { states[Int(found.rows[index])] = 1 }
      }
      guard shape.emitsPairs else { return true }
      if pendingCount + pairCount > pending.capacity, try !release(batch) { return false }
      (pending.rows + pendingCount).update(from: found.rows, count: pairCount)
      (pending.matches + pendingCount).update(from: found.matches, count: pairCount)
      pendingCount += pairCount
      return pendingCount >= capacity && pendingCount > batch.rowCount ? try release(batch) : true
    }

    /// Removes candidates whose row needs no other match.
    private func dropMatched(_ count: Int) -> Int {
      var left = 0
      for index in 0..<count {
        let row = candidates.rows[index]
        candidates.rows[left] = row
        candidates.matches[left] = candidates.matches[index]
        left += states[Int(row)] == 0 ? 1 : 0
      }
      return left
    }

    /// Puts out what is pending, and what rows without a match give.
    private func finish(_ batch: Batch, _ keys: [ColumnVector]) throws(SQLError) -> Bool {
      if shape.emitsPairs {
        if shape.keepsLeft {
          for row in 0..<batch.rowCount where states[row] == 0 {
            if pendingCount == pending.capacity, try !release(batch) { return false }
            pending.rows[pendingCount] = Int32(truncatingIfNeeded: row)
            pending.matches[pendingCount] = -1
            pendingCount += 1
          }
        }
        return try release(batch)
      }
      if shape.onlyMarksRight { return true }
      if shape.isNullAware { try markUnknown(batch, keys) }
      let result = states.withUnsafeBufferPointer { shape.leftRows(batch, states: $0) }
      guard let result else { return true }
      return try output.consume(result)
    }

    private func release(_ batch: Batch) throws(SQLError) -> Bool {
      let count = pendingCount
      guard count > 0 else { return true }
      pendingCount = 0
      let leftRows = UnsafeBufferPointer(start: UnsafePointer(pending.rows), count: count)
      let rightRows = UnsafeBufferPointer(start: UnsafePointer(pending.matches), count: count)
      // Where each row met one build row, the left columns stay as they are.
      let isWhole =
        count == batch.rowCount
        && leftRows.indices.allSatisfy { leftRows[$0] == Int32(truncatingIfNeeded: $0) }
      var columns = shape.leftOutput.map { index in
        isWhole ? batch.columns[index] : batch.columns[index].gather(leftRows)
      }
      columns += shape.rightOutput.map { index in
        rightColumn(buildColumns[index], rightRows)
      }
      return try output.consume(Batch(columns: columns, rowCount: count))
    }

    /// Build sides of few rows become dictionaries: grouping by their strings is then cheap.
    private func rightColumn(_ column: ColumnVector, _ rows: UnsafeBufferPointer<Int32>)
      -> ColumnVector
    {
      let isDictionary =
        column.type.physicalType == .string && column.count <= 1024 && column.count <= rows.count
        && !shape.keepsLeft
      guard isDictionary else { return column.gather(rows, mayBeNegative: shape.keepsLeft) }
      let buffer = VectorBuffer(byteCount: rows.count * 4)
      let indices = buffer.base.assumingMemoryBound(to: Int32.self)
      for row in 0..<rows.count { indices[row] = rows[row] }
      return ColumnVector(
        type: column.type,
        count: rows.count,
        encoding: .dictionary,
        storage: column.storage,
        indexBuffer: buffer
      )
    }

    /// Marks rows as unknown that have no match but might, were a NULL known: those whose own key
    /// is NULL if there is any build row, all if a build key is NULL. With a further condition, only
    /// build rows that satisfy it count.
    private func markUnknown(_ batch: Batch, _ keys: [ColumnVector]) throws(SQLError) {
      guard build.hasRows, let first = keys.first else { return }
      for row in 0..<batch.rowCount where states[row] == 0 {
        let isNull = first.isNull(row)
        guard isNull || build.hasNullKey else { continue }
        guard let filter = shape.unknownFilter else {
          states[row] = 2
          continue
        }
        if try hasPair(row, batch, satisfying: filter, amongAll: isNull) { states[row] = 2 }
      }
    }

    /// Whether any pair of a left row and the build rows (all, or those with a NULL in their key)
    /// satisfies a condition.
    private func hasPair(
      _ row: Int,
      _ batch: Batch,
      satisfying filter: PairFilter,
      amongAll: Bool
    ) throws(SQLError) -> Bool {
      let total = amongAll ? table.rowCount : build.nullKeyRows.count
      let pairs = JoinCandidates()
      pairs.reserve(min(total, 2048))
      var start = 0
      while start < total {
        let count = min(total - start, 2048)
        for index in 0..<count {
          pairs.rows[index] = Int32(truncatingIfNeeded: row)
          pairs.matches[index] =
            amongAll
            ? Int32(truncatingIfNeeded: start + index) : build.nullKeyRows[start + index]
        }
        if try keepPairs(satisfying: filter, batch, pairs, count: count) > 0 { return true }
        start += count
      }
      return false
    }
  }
}
