import ApusPlanner
import ApusValues
import ApusVectors

/// Compares arrays, maps and rows: in order, the first difference decides.
///
/// `=` is NULL where two values agree but for a NULL in one of them (Trino); IS DISTINCT FROM takes
/// NULLs for values; where a NULL within two values would decide which is less, the row fails.
func compareNested(
  _ op: Comparison.Operator,
  _ left: ColumnVector,
  _ right: ColumnVector,
  rows: Selection,
  errors: inout RowErrors
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
    if op == .equal || op == .notEqual {
      guard let isEqual = Value.areEqual(a, b) else {
        builder.setNull(row)
        return
      }
      output[row] = bit(isEqual == (op == .equal))
      return
    }
    do throws(SQLError) {
      let order = try Value.compare(a, b, nanIsLargest: true)
      switch op {
      case .less: output[row] = bit(order < 0)
      case .lessOrEqual: output[row] = bit(order <= 0)
      case .greater: output[row] = bit(order > 0)
      case .greaterOrEqual: output[row] = bit(order >= 0)
      case .equal, .notEqual, .isDistinctFrom: break
      }
    } catch {
      errors.record(error, row: row)
      builder.setNull(row)
    }
  }
  return builder.finish(count: rows.rowCount)
}
