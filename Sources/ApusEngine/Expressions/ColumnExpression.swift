import ApusValues
import ApusVectors

/// A column of the batch.
struct ColumnExpression: CompiledExpression {
  let position: Int
  let type: SQLType

  func evaluate(_ batch: Batch, rows: Selection, errors: inout RowErrors) throws(SQLError)
    -> ColumnVector
  {
    guard batch.columns.indices.contains(position) else {
      throw .internal("column \(position) of a batch of \(batch.columns.count)")
    }
    return batch.columns[position]
  }
}
