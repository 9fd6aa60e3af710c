import ApusValues
import ApusVectors

/// Puts out each row once for each element of its arrays or entry of its maps.
final class UnnestOperator: StreamingOperator {
  let node: Int
  private let sources: [any CompiledExpression]
  private let kept: [Int]
  private let hasOrdinality: Bool
  private let isOuter: Bool

  /// - Parameters:
  ///   - sources: arrays and maps.
  ///   - kept: the input columns that are put out, before those of the sources.
  ///   - isOuter: whether a row without elements is put out once.
  init(
    node: Int,
    sources: [any CompiledExpression],
    kept: [Int],
    hasOrdinality: Bool,
    isOuter: Bool
  ) {
    self.node = node
    self.sources = sources
    self.kept = kept
    self.hasOrdinality = hasOrdinality
    self.isOuter = isOuter
  }

  func makeConsumer(_ context: WorkerContext, output: any BatchConsumer) -> any BatchConsumer {
    Consumer(self, capacity: max(context.batchCapacity, 1), output: output)
  }

  private final class Consumer: BatchConsumer {
    private let unnest: UnnestOperator
    private let capacity: Int
    private let output: any BatchConsumer

    init(_ unnest: UnnestOperator, capacity: Int, output: any BatchConsumer) {
      self.unnest = unnest
      self.capacity = capacity
      self.output = output
    }

    func flush() throws(SQLError) { try output.flush() }

    func consume(_ batch: Batch) throws(SQLError) -> Bool {
      let parts = try unnest.sources.evaluated(batch).map { $0.unnested() }
      if parts.count == 1, !unnest.isOuter { return try releaseAll(batch, parts[0]) }
      var rows: [Int32] = []
      // Where each output row's element lies, for each source; -1 where there is none.
      var positions = [[Int32]](repeating: [], count: parts.count)
      var numbers: [Int64] = []
      for row in 0..<batch.rowCount {
        let ranges = parts.map { $0.range(row) }
        let longest = ranges.reduce(0) { max($0, $1.count) }
        let count = max(longest, unnest.isOuter ? 1 : 0)
        rows.append(contentsOf: repeatElement(Int32(truncatingIfNeeded: row), count: count))
        for index in 0..<count { numbers.append(longest == 0 ? 0 : Int64(index + 1)) }
        for (source, range) in ranges.enumerated() {
          positions[source].append(range)
          positions[source].append(contentsOf: repeatElement(-1, count: count - range.count))
        }
        if rows.count >= capacity {
          if try !release(batch, parts, rows, positions, numbers) { return false }
          rows.removeAll(keepingCapacity: true)
          numbers.removeAll(keepingCapacity: true)
          for source in positions.indices { positions[source].removeAll(keepingCapacity: true) }
        }
      }
      return try release(batch, parts, rows, positions, numbers)
    }

    /// Puts out the elements of one source in the order in which they lie.
    private func releaseAll(_ batch: Batch, _ part: UnnestedElements) throws(SQLError) -> Bool {
      let rows = part.parts.rows
      for start in stride(from: 0, to: rows.count, by: capacity) {
        let range = start..<min(start + capacity, rows.count)
        var columns = rows[range].withUnsafeBufferPointer { rows in
          unnest.kept.map { batch.columns[$0].gather(rows) }
        }
        columns += part.columns.map { $0.slice(range) }
        if unnest.hasOrdinality {
          let numbers = range.map { Int64($0 - part.range(Int(rows[$0])).lowerBound + 1) }
          columns.append(UnnestOperator.ordinality(numbers[...]))
        }
        if try !output.consume(Batch(columns: columns, rowCount: range.count)) { return false }
      }
      return true
    }

    private func release(
      _ batch: Batch,
      _ parts: [UnnestedElements],
      _ rows: [Int32],
      _ positions: [[Int32]],
      _ numbers: [Int64]
    ) throws(SQLError) -> Bool {
      // One array may be longer than a batch.
      var start = 0
      while start < rows.count {
        let range = start..<min(start + capacity, rows.count)
        var columns = rows[range].withUnsafeBufferPointer { rows in
          unnest.kept.map { batch.columns[$0].gather(rows) }
        }
        for (part, positions) in zip(parts, positions) {
          columns += positions[range].withUnsafeBufferPointer { positions in
            part.columns.map { $0.gather(positions, mayBeNegative: true) }
          }
        }
        if unnest.hasOrdinality { columns.append(UnnestOperator.ordinality(numbers[range])) }
        if try !output.consume(Batch(columns: columns, rowCount: range.count)) { return false }
        start = range.upperBound
      }
      return true
    }
  }

  /// - Parameter numbers: 0 for none.
  private static func ordinality(_ numbers: ArraySlice<Int64>) -> ColumnVector {
    let builder = VectorBuilder(type: .bigint, capacity: numbers.count)
    let output = builder.values(as: Int64.self)
    for (row, number) in numbers.enumerated() {
      if number == 0 { builder.setNull(row) } else { output[row] = number }
    }
    return builder.finish(count: numbers.count)
  }
}

/// The elements of a column's arrays or maps, as the columns that they fill.
private struct UnnestedElements {
  let parts: ArrayElements
  let columns: [ColumnVector]

  func range(_ row: Int) -> Range<Int> { parts.range(row) }
}

extension ColumnVector {
  fileprivate func unnested() -> UnnestedElements {
    let rows = Selection.all(count)
    switch type {
    case .map(let key, let value):
      let keys = mapKeys(key).arrayElements(key, rows: rows)
      let values = mapValues(value).arrayElements(value, rows: rows)
      return UnnestedElements(parts: keys, columns: [keys.elements, values.elements])
    case .array(.row(let fields)):
      let parts = arrayElements(.row(fields), rows: rows)
      return UnnestedElements(
        parts: parts,
        columns: fields.enumerated().map { index, field in
          parts.elements.rowField(index, field.type, of: fields.count)
        }
      )
    case .array(let element):
      let parts = arrayElements(element, rows: rows)
      return UnnestedElements(parts: parts, columns: [parts.elements])
    default:
      // The planner lets nothing else through.
      return UnnestedElements(
        parts: ArrayElements(ends: Array(repeating: 0, count: count), elements: self),
        columns: []
      )
    }
  }
}
