import ApusPlanner
import ApusValues
import ApusVectors

/// `row.field`.
struct FieldExpression: CompiledExpression {
  let type: SQLType
  private let operand: any CompiledExpression
  private let field: Int
  private let fieldCount: Int

  init(_ access: FieldAccess, _ operand: any CompiledExpression) throws(SQLError) {
    guard case .row(let fields) = operand.type else {
      throw .internal("a field of \(operand.type)")
    }
    type = access.type
    self.operand = operand
    field = access.field
    fieldCount = fields.count
  }

  func evaluate(_ batch: Batch, rows: Selection, errors: inout RowErrors) throws(SQLError)
    -> ColumnVector
  {
    let vector = try operand.evaluate(batch, rows: rows, errors: &errors)
    return vector.rowField(field, type, of: fieldCount)
  }
}
