import ApusPlanner
import ApusValues
import ApusVectors

/// `left op right` over two operands of one type.
struct ComparisonExpression: CompiledExpression {
  let op: Comparison.Operator
  let left: any CompiledExpression
  let right: any CompiledExpression
  private let memo = DictionaryMemo()

  init(_ op: Comparison.Operator, _ left: any CompiledExpression, _ right: any CompiledExpression) {
    // A constant stands on the right, where the memo and the kernels look for it.
    if left is ConstantExpression, !(right is ConstantExpression) {
      self.op = op.mirrored
      self.left = right
      self.right = left
    } else {
      self.op = op
      self.left = left
      self.right = right
    }
  }

  var type: SQLType { .boolean }

  func evaluate(_ batch: Batch, rows: Selection, errors: inout RowErrors) throws(SQLError)
    -> ColumnVector
  {
    let leftVector = try left.evaluate(batch, rows: rows, errors: &errors)
    let rightVector = try right.evaluate(batch, rows: rows, errors: &errors)
    guard leftVector.encoding == .dictionary, rightVector.encoding == .constant,
      right is ConstantExpression
    else { return compareVectors(op, leftVector, rightVector, rows: rows, errors: &errors) }
    return try memo.map(leftVector, rows: rows, errors: &errors) {
      (entries, selected, errors) throws(SQLError) -> ColumnVector in
      compareVectors(
        op,
        entries,
        rightVector.repeated(entries.count),
        rows: selected,
        errors: &errors
      )
    }
  }
}
