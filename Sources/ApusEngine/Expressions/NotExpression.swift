import ApusValues
import ApusVectors

/// `NOT operand`.
struct NotExpression: CompiledExpression {
  let operand: any CompiledExpression

  var type: SQLType { .boolean }

  func evaluate(_ batch: Batch, rows: Selection, errors: inout RowErrors) throws(SQLError)
    -> ColumnVector
  {
    let value = try operand.evaluate(batch, rows: rows, errors: &errors)
    return mapUnary(value, to: .boolean, rows: rows) { (bit: UInt8) in bit ^ 1 }
  }
}
