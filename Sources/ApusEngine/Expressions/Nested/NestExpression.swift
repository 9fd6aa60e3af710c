import ApusValues
import ApusVectors

/// `ARRAY[…]` or `ROW(…)`.
struct NestExpression: CompiledExpression {
  let type: SQLType
  let elements: [any CompiledExpression]

  func evaluate(_ batch: Batch, rows: Selection, errors: inout RowErrors) throws(SQLError)
    -> ColumnVector
  {
    var vectors: [ColumnVector] = []
    for element in elements {
      vectors.append(try element.evaluate(batch, rows: rows, errors: &errors))
    }
    let count = batch.rowCount
    guard case .array(let elementType) = type else {
      return .rows(vectors, type: type, count: count)
    }
    let width = vectors.count
    // From one column after the other to one row after the other.
    let columns = ColumnVector.concatenated(vectors, type: elementType)
    let order = (0..<count * width).map { position in
      Int32(truncatingIfNeeded: position % width * count + position / width)
    }
    let parts = ArrayElements(
      ends: (0..<count).map { Int32(truncatingIfNeeded: ($0 + 1) * width) },
      elements: order.withUnsafeBufferPointer { columns.gather($0) }
    )
    return .arrays(parts, type: type)
  }
}
