import ApusPlanner
import ApusValues
import ApusVectors

/// Compares arrays, maps and rows: in order, the first difference decides.
///
/// `=` is NULL where two values agree but for a NULL in one of them (Trino); IS DISTINCT FROM takes
/// NULLs for values.
func compareNested(
  _ op: Comparison.Operator,
  _ left: ColumnVector,
  _ right: ColumnVector,
  rows: Selection
) -> ColumnVector {
  let builder = VectorBuilder(type: .boolean, capacity: rows.rowCount)
  builder.zeroValues()
  let output = builder.values(as: UInt8.self)
  rows.visit { row in
    let a = left.value(row)
    let b = right.value(row)
    if op == .isDistinctFrom {
      output[row] = bit(!Value.areSame(a, b))
      return
    }
    guard !a.isNull, !b.isNull else {
      builder.setNull(row)
      return
    }
    switch op {
    case .equal, .notEqual:
      guard let isEqual = Value.areEqual(a, b) else {
        builder.setNull(row)
        return
      }
      output[row] = bit(isEqual == (op == .equal))
    case .less: output[row] = bit(Value.compare(a, b) < 0)
    case .lessOrEqual: output[row] = bit(Value.compare(a, b) <= 0)
    case .greater: output[row] = bit(Value.compare(a, b) > 0)
    case .greaterOrEqual: output[row] = bit(Value.compare(a, b) >= 0)
    case .isDistinctFrom: break
    }
  }
  return builder.finish(count: rows.rowCount)
}
