import ApusPlanner
import ApusValues
import ApusVectors

/// One value for every row.
struct ConstantExpression: CompiledExpression {
  /// A constant vector of one row.
  let vector: ColumnVector

  init(_ literal: Literal) {
    vector = .constant(literal.value, type: literal.type, count: 1)
  }

  /// Takes the value of the first row.
  init(firstRowOf vector: ColumnVector) {
    self.vector = .constant(vector.value(0), type: vector.type, count: 1)
  }

  var type: SQLType { vector.type }

  var value: Value { vector.value(0) }

  func evaluate(_ batch: Batch, rows: Selection, errors: inout RowErrors) throws(SQLError)
    -> ColumnVector
  {
    vector.repeated(batch.rowCount)
  }
}
