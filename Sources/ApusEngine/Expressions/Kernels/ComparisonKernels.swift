import ApusPlanner
import ApusValues
import ApusVectors

/// Compares two vectors of one type row by row.
///
/// NaN follows Trino: no comparison with it holds but `<>`, while IS DISTINCT FROM takes NaN to be
/// equal to itself. Text compares by code point; char values have no trailing spaces in memory.
///
/// - Returns: a boolean vector, NULL where an operand is (never for IS DISTINCT FROM).
func compareVectors(
  _ op: Comparison.Operator,
  _ left: ColumnVector,
  _ right: ColumnVector,
  rows: Selection,
  errors: inout RowErrors
) -> ColumnVector {
  switch left.type.physicalType {
  case .string where left.type.isNested:
    compareNested(op, left, right, rows: rows, errors: &errors)
  case .boolean: compare(op, left, right, rows, as: UInt8.self)
  case .int8: compare(op, left, right, rows, as: Int8.self)
  case .int16: compare(op, left, right, rows, as: Int16.self)
  case .int32: compare(op, left, right, rows, as: Int32.self)
  case .int64: compare(op, left, right, rows, as: Int64.self)
  case .int128:
    compare(op, left.instants(rows), right.instants(rows), rows, as: Int128.self)
  case .float32: compareFloats(op, left, right, rows, as: Float.self)
  case .float64: compareFloats(op, left, right, rows, as: Double.self)
  case .string: compareStrings(op, left, right, rows)
  }
}

/// Compares two vectors for equality or distinctness, which no row fails.
func compareVectors(
  _ op: Comparison.Operator,
  _ left: ColumnVector,
  _ right: ColumnVector,
  rows: Selection
) -> ColumnVector {
  var errors = RowErrors()
  return compareVectors(op, left, right, rows: rows, errors: &errors)
}

private func compare<Element: Comparable>(
  _ op: Comparison.Operator,
  _ left: ColumnVector,
  _ right: ColumnVector,
  _ rows: Selection,
  as element: Element.Type
) -> ColumnVector {
  switch op {
  case .equal:
    mapBinary(left, right, to: .boolean, rows: rows) { (a: Element, b: Element) in bit(a == b) }
  case .notEqual:
    mapBinary(left, right, to: .boolean, rows: rows) { (a: Element, b: Element) in bit(a != b) }
  case .less:
    mapBinary(left, right, to: .boolean, rows: rows) { (a: Element, b: Element) in bit(a < b) }
  case .lessOrEqual:
    mapBinary(left, right, to: .boolean, rows: rows) { (a: Element, b: Element) in bit(a <= b) }
  case .greater:
    mapBinary(left, right, to: .boolean, rows: rows) { (a: Element, b: Element) in bit(a > b) }
  case .greaterOrEqual:
    mapBinary(left, right, to: .boolean, rows: rows) { (a: Element, b: Element) in bit(a >= b) }
  case .isDistinctFrom:
    distinct(left, right, rows) { (a: Element, b: Element) in a == b }
  }
}

private func compareFloats<Element: BinaryFloatingPoint>(
  _ op: Comparison.Operator,
  _ left: ColumnVector,
  _ right: ColumnVector,
  _ rows: Selection,
  as element: Element.Type
) -> ColumnVector {
  guard op == .isDistinctFrom else { return compare(op, left, right, rows, as: element) }
  return distinct(left, right, rows) { (a: Element, b: Element) in
    a == b || (a.isNaN && b.isNaN)
  }
}

private func compareStrings(
  _ op: Comparison.Operator,
  _ left: ColumnVector,
  _ right: ColumnVector,
  _ rows: Selection
) -> ColumnVector {
  switch op {
  case .equal:
    mapBinary(left, right, to: .boolean, rows: rows) { (a: StringView, b: StringView) in
      bit(a == b)
    }
  case .notEqual:
    mapBinary(left, right, to: .boolean, rows: rows) { (a: StringView, b: StringView) in
      bit(!(a == b))
    }
  case .less: compareOrder(left, right, rows) { $0 < 0 }
  case .lessOrEqual: compareOrder(left, right, rows) { $0 <= 0 }
  case .greater: compareOrder(left, right, rows) { $0 > 0 }
  case .greaterOrEqual: compareOrder(left, right, rows) { $0 >= 0 }
  case .isDistinctFrom:
    distinct(left, right, rows) { (a: StringView, b: StringView) in a == b }
  }
}

@inline(__always)
private func compareOrder(
  _ left: ColumnVector,
  _ right: ColumnVector,
  _ rows: Selection,
  _ holds: (Int) -> Bool
) -> ColumnVector {
  mapBinary(left, right, to: .boolean, rows: rows) { (a: StringView, b: StringView) in
    bit(holds(StringView.compare(a, b)))
  }
}

@inline(__always)
private func distinct<Element>(
  _ left: ColumnVector,
  _ right: ColumnVector,
  _ rows: Selection,
  _ areSame: (Element, Element) -> Bool
) -> ColumnVector {
  let left = left.decoded
  let right = right.decoded
  defer { extendLifetime((left, right)) }
  let a = left.operand(as: Element.self)
  let b = right.operand(as: Element.self)
  let builder = VectorBuilder(type: .boolean, capacity: rows.rowCount)
  let output = builder.values(as: UInt8.self)
  if rows.indices != nil { builder.zeroValues() }
  rows.visit { row in
    switch (a.isNull(row), b.isNull(row)) {
    case (true, true): output[row] = 0
    case (false, false): output[row] = bit(!areSame(a[row], b[row]))
    case (true, false), (false, true): output[row] = 1
    }
  }
  return builder.finish(count: rows.rowCount)
}

/// The byte of a boolean in a vector.
@inline(__always)
func bit(_ condition: Bool) -> UInt8 { condition ? 1 : 0 }
