import ApusPlanner
import ApusValues
import ApusVectors

/// `array[index]` or `map[key]`: an error where there is no such element.
struct SubscriptExpression: CompiledExpression {
  let type: SQLType
  private let operand: any CompiledExpression
  private let index: any CompiledExpression
  private let range: SourceRange?

  init(
    _ subscription: Subscription,
    _ operand: any CompiledExpression,
    _ index: any CompiledExpression
  ) {
    type = subscription.type
    self.operand = operand
    self.index = index
    range = subscription.range
  }

  func evaluate(_ batch: Batch, rows: Selection, errors: inout RowErrors) throws(SQLError)
    -> ColumnVector
  {
    let vector = try operand.evaluate(batch, rows: rows, errors: &errors)
    let indices = try index.evaluate(batch, rows: rows, errors: &errors)
    if case .map(let key, let value) = operand.type {
      let found = findEntries(of: vector, key, indices, rows: rows)
      found.missing.visitRows { row in
        let text = indices.text(row) ?? "NULL"
        errors.record(
          SQLError(.invalidFunctionArgument, "Key not present in map: \(text)", at: range),
          row: row
        )
      }
      return found.values(vector.mapValues(value), value)
    }
    return takeElements(of: vector, type, at: indices, rows: rows) {
      (index, count) throws(SQLError) -> Int? in
      if index == 0 {
        throw SQLError(.invalidFunctionArgument, "SQL array indices start at 1", at: range)
      }
      if index < 0 {
        throw SQLError(
          .invalidFunctionArgument,
          "Array subscript is negative: \(index)",
          at: range
        )
      }
      guard index <= count else {
        throw SQLError(
          .invalidFunctionArgument,
          "Array subscript must be less than or equal to array length: \(index) > \(count)",
          at: range
        )
      }
      return Int(index) - 1
    } errors: {
      errors.record($0, row: $1)
    }
  }
}

/// Takes one element of each selected row's array.
///
/// - Parameters:
///   - element: the type of the elements.
///   - indices: bigints.
///   - position: turns an index and the number of elements into a position; nil gives NULL.
func takeElements(
  of arrays: ColumnVector,
  _ element: SQLType,
  at indices: ColumnVector,
  rows: Selection,
  _ position: (_ index: Int64, _ count: Int) throws(SQLError) -> Int?,
  errors: (SQLError, Int) -> Void
) -> ColumnVector {
  let parts = arrays.arrayElements(element, rows: rows)
  let indices = indices.decoded
  defer { extendLifetime(indices) }
  let index = indices.operand(as: Int64.self)
  var taken = [Int32](repeating: -1, count: arrays.count)
  rows.visitRows { row in
    guard !arrays.isNull(row), !index.isNull(row) else { return }
    let range = parts.range(row)
    do throws(SQLError) {
      if let position = try position(index[row], range.count) {
        taken[row] = Int32(truncatingIfNeeded: range.lowerBound + position)
      }
    } catch {
      errors(error, row)
    }
  }
  return taken.withUnsafeBufferPointer { parts.elements.gather($0, mayBeNegative: true) }
}

/// What a look-up of keys in maps has found.
struct FoundEntries {
  /// For each row the position of its entry among all entries of all rows; -1 if there is none.
  let entries: [Int32]
  /// The rows with a map and a key, but without the key in the map.
  let missing: Selection
  let rows: Selection

  /// - Parameter values: the maps' values as arrays.
  func values(_ values: ColumnVector, _ type: SQLType) -> ColumnVector {
    let parts = values.arrayElements(type, rows: rows)
    return entries.withUnsafeBufferPointer { parts.elements.gather($0, mayBeNegative: true) }
  }
}

/// Finds one key in each selected row's map.
func findEntries(
  of maps: ColumnVector,
  _ key: SQLType,
  _ wanted: ColumnVector,
  rows: Selection
) -> FoundEntries {
  let parts = maps.mapKeys(key).arrayElements(key, rows: rows)
  let owners = parts.rows
  // The wanted key beside each key there is.
  let beside = owners.withUnsafeBufferPointer { wanted.gather($0) }
  let isSame = compareKeys(parts.elements, beside)
  var entries = [Int32](repeating: -1, count: maps.count)
  for (entry, row) in owners.enumerated() where isSame[entry] && !wanted.isNull(Int(row)) {
    entries[Int(row)] = Int32(truncatingIfNeeded: entry)
  }
  let missing = rows.filter { row in
    entries[row] < 0 && !maps.isNull(row) && !wanted.isNull(row)
  }
  return FoundEntries(entries: entries, missing: missing, rows: rows)
}

/// Whether rows of two vectors hold the same value, NULL being the same as NULL.
func compareKeys(_ left: ColumnVector, _ right: ColumnVector) -> [Bool] {
  let isDistinct = compareVectors(.isDistinctFrom, left, right, rows: .all(left.count)).flattened()
  return withExtendedLifetime(isDistinct) {
    let values = isDistinct.values(as: UInt8.self)
    return (0..<left.count).map { values[$0] == 0 }
  }
}
