import ApusPlanner
import ApusValues
import ApusVectors

// Integer arithmetic that never wraps: addition, subtraction and multiplication run over all rows
// with wrapping operators and gather the signs of overflow on the way, which keeps the loop free of
// branches; only if there was one are the selected rows looked at again.
//
// Safety: operands are decoded and kept by `extendLifetime`; rows are below their count.

extension ArithmeticOperation {
  func integerKernel<Element: FixedWidthInteger & SignedInteger & Sendable>(_ element: Element.Type)
    -> BinaryKernel
  {
    { left, right, rows, errors throws(SQLError) in
      switch op {
      case .add:
        wrapping(left, right, rows, &errors) { (a: Element, b: Element) in
          let sum = a &+ b
          return (sum, (a ^ sum) & (b ^ sum))
        }
      case .subtract:
        wrapping(left, right, rows, &errors) { (a: Element, b: Element) in
          let difference = a &- b
          return (difference, (a ^ b) & (a ^ difference))
        }
      case .multiply:
        wrapping(left, right, rows, &errors) { (a: Element, b: Element) in
          let (product, overflow) = a.multipliedReportingOverflow(by: b)
          return (product, overflow ? -1 : 0)
        }
      case .divide, .modulo:
        dividing(left, right, rows, &errors, as: Element.self)
      }
    }
  }

  /// - Parameter combine: the wrapped result with a number that is negative if it overflowed.
  @inline(__always)
  private func wrapping<Element: FixedWidthInteger & SignedInteger & Sendable>(
    _ left: ColumnVector,
    _ right: ColumnVector,
    _ rows: Selection,
    _ errors: inout RowErrors,
    _ combine: (Element, Element) -> (Element, Element)
  ) -> ColumnVector {
    let count = rows.rowCount
    if left.isNullConstant || right.isNullConstant { return .nulls(result, count: count) }
    let left = left.decoded
    let right = right.decoded
    defer { extendLifetime((left, right)) }
    let a = left.operand(as: Element.self)
    let b = right.operand(as: Element.self)
    let isConstant = a.stride == 0 && b.stride == 0
    let builder = VectorBuilder(type: result, capacity: isConstant ? 1 : count)
    let output = builder.values(as: Element.self)
    var signs: Element = 0
    if isConstant {
      let (value, sign) = combine(a[0], b[0])
      output[0] = value
      signs = sign
    } else if !rows.isDense {
      builder.zeroValues()
      rows.visit { row in
        let (value, sign) = combine(a[row], b[row])
        output[row] = value
        signs |= sign
      }
    } else if b.stride == 0 {
      let (source, constant) = (a.values, b.values[0])
      for row in 0..<count {
        let (value, sign) = combine(source[row], constant)
        output[row] = value
        signs |= sign
      }
    } else if a.stride == 0 {
      let (constant, source) = (a.values[0], b.values)
      for row in 0..<count {
        let (value, sign) = combine(constant, source[row])
        output[row] = value
        signs |= sign
      }
    } else {
      let (first, second) = (a.values, b.values)
      for row in 0..<count {
        let (value, sign) = combine(first[row], second[row])
        output[row] = value
        signs |= sign
      }
    }
    builder.mergeValidity(of: left)
    builder.mergeValidity(of: right)
    if signs < 0 {
      rows.visit { row in
        guard combine(a[row], b[row]).1 < 0, !a.isNull(row), !b.isNull(row) else { return }
        errors.record(overflow("\(a[row])", "\(b[row])"), row: row)
        builder.setNull(isConstant ? 0 : row)
      }
    }
    return isConstant ? builder.finishConstant(count: count) : builder.finish(count: count)
  }

  private func dividing<Element: FixedWidthInteger & SignedInteger & Sendable>(
    _ left: ColumnVector,
    _ right: ColumnVector,
    _ rows: Selection,
    _ errors: inout RowErrors,
    as element: Element.Type
  ) -> ColumnVector {
    let isModulo = op == .modulo
    if right.encoding == .constant, !right.isNull(0) {
      let divisor = right.values(as: Element.self)[0]
      if divisor > 0 {
        // No bits fail with a positive divisor.
        return isModulo
          ? mapUnary(left, to: result, rows: rows) { (a: Element) in a % divisor }
          : mapUnary(left, to: result, rows: rows) { (a: Element) in a / divisor }
      }
    }
    let left = left.decoded
    let right = right.decoded
    defer { extendLifetime((left, right)) }
    let a = left.operand(as: Element.self)
    let b = right.operand(as: Element.self)
    return mapRows([left, right], to: result, rows: rows, range: range, errors: &errors) {
      (row: Int) throws(SQLError) -> Element? in
      let divisor = b[row]
      if divisor == 0 { throw divisionByZero }
      if divisor == -1 {
        if isModulo { return 0 }
        if a[row] == Element.min { throw overflow("\(a[row])", "\(divisor)") }
      }
      return isModulo ? a[row] % divisor : a[row] / divisor
    }
  }
}
