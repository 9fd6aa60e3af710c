import ApusValues
import ApusVectors

/// A lambda ready to run over the elements of many rows at once.
package struct CompiledLambda: Sendable {
  let body: any CompiledExpression

  /// The type of what the lambda gives.
  var type: SQLType { body.type }

  /// Computes the body for each element.
  ///
  /// - Parameters:
  ///   - parameters: vectors of an element each, as many as `rows`.
  ///   - captured: what the body reads from outside, a value per row.
  ///   - rows: for each element its row, to which its error belongs.
  func evaluate(
    _ parameters: [ColumnVector],
    captured: ArraySlice<ColumnVector>,
    rows: [Int32],
    errors: inout RowErrors
  ) throws(SQLError) -> ColumnVector {
    let outer = rows.withUnsafeBufferPointer { rows in captured.map { $0.gather(rows) } }
    let batch = Batch(columns: parameters + outer, rowCount: rows.count)
    var elementErrors = RowErrors()
    let result = try body.evaluate(batch, rows: .all(rows.count), errors: &elementErrors)
    for entry in elementErrors.entries { errors.record(entry.error, row: Int(rows[entry.row])) }
    return result
  }
}
