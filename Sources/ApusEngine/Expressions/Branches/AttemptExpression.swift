import ApusValues
import ApusVectors

/// `TRY(operand)`: NULL for rows that fail with an error that TRY catches.
struct AttemptExpression: CompiledExpression {
  let operand: any CompiledExpression

  var type: SQLType { operand.type }

  func evaluate(_ batch: Batch, rows: Selection, errors: inout RowErrors) throws(SQLError)
    -> ColumnVector
  {
    var caught = RowErrors()
    let value = try operand.evaluate(batch, rows: rows, errors: &caught)
    guard !caught.isEmpty else { return value }
    return caught.catchErrors(of: value, others: &errors)
  }
}

extension RowErrors {
  /// Makes rows NULL whose errors TRY catches: of a nested value, only a part may have failed.
  ///
  /// - Parameter others: receives the errors that are not caught.
  func catchErrors(of value: ColumnVector, others: inout RowErrors) -> ColumnVector {
    let result = value.flattened()
    let builder = VectorBuilder(type: value.type, capacity: value.count)
    let rows = (0..<Int32(truncatingIfNeeded: value.count)).map { $0 }
    if result.mayHaveNulls { _ = builder.makeValidity() }
    rows.withUnsafeBufferPointer { result.gather($0, into: builder, at: 0) }
    builder.retain(heaps: result.storage.heaps)
    for entry in entries {
      if entry.error.code.isCaughtByTry {
        builder.setNull(entry.row)
      } else {
        others.record(entry.error, row: entry.row)
      }
    }
    return builder.finish(count: value.count)
  }
}
