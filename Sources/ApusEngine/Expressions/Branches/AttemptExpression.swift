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
    if !caught.isEmpty {
      caught.filter { _, error in !error.code.isCaughtByTry }
      errors.append(caught)
    }
    return value
  }
}
