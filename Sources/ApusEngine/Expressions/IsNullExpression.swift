import ApusValues
import ApusVectors

/// `operand IS NULL`, never NULL itself.
struct IsNullExpression: CompiledExpression {
  let operand: any CompiledExpression

  var type: SQLType { .boolean }

  func evaluate(_ batch: Batch, rows: Selection, errors: inout RowErrors) throws(SQLError)
    -> ColumnVector
  {
    let value = try operand.evaluate(batch, rows: rows, errors: &errors)
    if value.encoding == .constant || !value.mayHaveNulls {
      let isNull = value.mayHaveNulls && batch.rowCount > 0 && value.isNull(0)
      return .constant(.boolean(isNull), type: .boolean, count: batch.rowCount)
    }
    let builder = VectorBuilder(type: .boolean, capacity: batch.rowCount)
    let output = builder.values(as: UInt8.self)
    if value.encoding == .flat, let validity = value.validity {
      for row in 0..<batch.rowCount { output[row] = validity[row] ^ 1 }
    } else {
      for row in 0..<batch.rowCount { output[row] = bit(value.isNull(row)) }
    }
    extendLifetime(value)
    return builder.finish(count: batch.rowCount)
  }
}
