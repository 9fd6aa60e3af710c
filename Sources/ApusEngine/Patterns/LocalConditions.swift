import ApusValues
import ApusVectors

/// What holds of each row of some partitions whatever the match: the parts of the conditions that
/// depend on a row and its neighbours alone, computed for all rows beforehand.
final class LocalConditions {
  /// By variable, whether the rest of its condition depends on the match.
  let dependsOnMatch: [Bool]
  private let firstRow: Int
  /// By variable one state a row; empty if all rows will do.
  private var states: [[State]]
  /// By variable the errors of rows, raised when somebody asks for one.
  private var errors: [[Int: SQLError]]

  private enum State: UInt8 {
    case fails
    case holds
    case isInvalid
  }

  /// Rows that are computed at once.
  private static let sliceCount = 8192

  /// - Parameter range: whole partitions.
  init(
    _ specification: MatchSpecification,
    _ rows: SortedPartitions,
    _ range: Range<Int>,
    _ context: WorkerContext
  ) throws(SQLError) {
    let conditions = specification.conditions
    dependsOnMatch = conditions.map { $0?.dependent != nil }
    firstRow = range.lowerBound
    states = Array(repeating: [], count: conditions.count)
    errors = Array(repeating: [:], count: conditions.count)
    for (variable, condition) in conditions.enumerated() {
      guard let local = condition?.local else { continue }
      states[variable].reserveCapacity(range.count)
      for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.sliceCount) {
        try context.cancellation.check()
        let slice = start..<min(start + Self.sliceCount, range.upperBound)
        try evaluate(local, variable, rows, slice)
      }
    }
  }

  /// Conditions that depend on the rows alone, for which they hold or not.
  init(holding: [[Bool]]) {
    dependsOnMatch = Array(repeating: false, count: holding.count)
    firstRow = 0
    states = holding.map { rows in rows.map { $0 ? .holds : .fails } }
    errors = Array(repeating: [:], count: holding.count)
  }

  var byteCount: Int { states.reduce(0) { $0 + $1.capacity } }

  /// Whether the condition of a variable holds for a row, as far as it depends on the row alone.
  ///
  /// - Throws: the error that evaluating it for the row has given.
  @inline(__always)
  func hold(_ variable: Int, _ row: Int) throws(SQLError) -> Bool {
    if states[variable].isEmpty { return true }
    switch states[variable][row - firstRow] {
    case .fails: return false
    case .holds: return true
    case .isInvalid: throw errors[variable][row] ?? .internal("an error that has got lost")
    }
  }

  private func evaluate(
    _ local: MatchCondition.Local,
    _ variable: Int,
    _ rows: SortedPartitions,
    _ slice: Range<Int>
  ) throws(SQLError) {
    let columns = local.inputs.map { input in
      rows.columns[input.column].shifted(by: input.rowOffset, slice, within: rows)
    }
    var failures = RowErrors()
    let result = try local.expression.evaluate(
      Batch(columns: columns, rowCount: slice.count),
      rows: .all(slice.count),
      errors: &failures
    )
    let holding = Selection.all(slice.count).intersection(whereTrue: result)
    let first = states[variable].count
    states[variable].append(contentsOf: repeatElement(.fails, count: slice.count))
    holding.visitRows { states[variable][first + $0] = .holds }
    for (row, error) in failures.entries {
      states[variable][first + row] = .isInvalid
      let place = slice.lowerBound + row
      if errors[variable][place] == nil { errors[variable][place] = error }
    }
  }
}

extension ColumnVector {
  /// Returns for each row of a slice the value so many rows on; NULL beyond its partition.
  fileprivate func shifted(
    by offset: Int,
    _ slice: Range<Int>,
    within rows: SortedPartitions
  ) -> ColumnVector {
    if offset == 0 { return self.slice(slice) }
    var positions: [Int32] = []
    positions.reserveCapacity(slice.count)
    var index = rows.partitionIndex(of: slice.lowerBound)
    for row in slice {
      if row >= Int(rows.partitionStarts[index + 1]) { index += 1 }
      let partition = Int(rows.partitionStarts[index])..<Int(rows.partitionStarts[index + 1])
      let target = row + offset
      positions.append(partition.contains(target) ? Int32(truncatingIfNeeded: target) : -1)
    }
    return positions.withUnsafeBufferPointer { gather($0, mayBeNegative: true) }
  }
}
