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
    let (result, elementErrors) = try evaluate(parameters, captured: captured, rows: rows)
    for entry in elementErrors.entries { errors.record(entry.error, row: Int(rows[entry.row])) }
    return result
  }

  /// Computes the body for each element.
  ///
  /// - Returns: the results, and the errors by elements.
  func evaluate(
    _ parameters: [ColumnVector],
    captured: ArraySlice<ColumnVector>,
    rows: [Int32]
  ) throws(SQLError) -> (ColumnVector, RowErrors) {
    let outer = rows.withUnsafeBufferPointer { rows in captured.map { $0.gather(rows) } }
    let batch = Batch(columns: parameters + outer, rowCount: rows.count)
    var errors = RowErrors()
    let result = try body.evaluate(batch, rows: .all(rows.count), errors: &errors)
    return (result, errors)
  }
}
