import ApusPlanner
import ApusValues
import ApusVectors

// Decimal arithmetic on unscaled integers.
//
// Precisions prove what fits: decimal(12,2) * decimal(12,2) has at most 24 digits, so its product
// needs no check, and decimal(7,2) + decimal(7,2) has 8 and never leaves 64 bits. Only where a
// result type is cut off at 38 digits can a row overflow, and only there is it looked for.
//
//   1.50 + 2.125   decimal(3,2) + decimal(4,3) -> decimal(5,3)   150 * 10 + 2125 = 3625
//   1.50 / 4       decimal(3,2) / decimal(1,0) -> scale 2        150 / 4 = 37.5 -> 38 = 0.38

extension ArithmeticOperation {
  func decimalKernel() throws(SQLError) -> BinaryKernel {
    guard case .decimal(let leftPrecision, let leftScale) = left,
      case .decimal(let rightPrecision, let rightScale) = right,
      case .decimal(let precision, let scale) = result
    else { throw unsupported }
    let shape = DecimalShape(
      leftPrecision: leftPrecision,
      leftScale: leftScale,
      rightPrecision: rightPrecision,
      rightScale: rightScale,
      precision: precision,
      scale: scale,
      limit: PowersOfTen.wide[precision].magnitude
    )
    switch op {
    case .add, .subtract: return sumKernel(shape)
    case .multiply: return productKernel(shape)
    case .divide, .modulo: return quotientKernel(shape)
    }
  }

  private var decimalOverflow: SQLError {
    SQLError(.numericValueOutOfRange, "Decimal overflow", at: range)
  }

  private func sumKernel(_ shape: DecimalShape) -> BinaryKernel {
    let isSubtraction = op == .subtract
    let leftDigits = shape.leftPrecision + shape.scale - shape.leftScale
    let rightDigits = shape.rightPrecision + shape.scale - shape.rightScale
    let digits = max(leftDigits, rightDigits) + 1
    let leftFactor = PowersOfTen.wide[max(0, shape.scale - shape.leftScale)]
    let rightFactor = PowersOfTen.wide[max(0, shape.scale - shape.rightScale)]
    guard shape.scale >= shape.leftScale, shape.scale >= shape.rightScale, digits <= 38 else {
      return checkedKernel(shape) { a, b throws(SQLError) in
        guard let x = shape.rescale(a, from: shape.leftScale, to: shape.scale),
          let y = shape.rescale(b, from: shape.rightScale, to: shape.scale)
        else { throw decimalOverflow }
        let (sum, overflow) =
          isSubtraction ? x.subtractingReportingOverflow(y) : x.addingReportingOverflow(y)
        guard !overflow, shape.fits(sum) else {
          throw decimalOverflow
        }
        return sum
      }
    }
    if digits <= 18, shape.precision <= 18 {
      let first = Int64(leftFactor)
      let second = Int64(rightFactor)
      if first == 1, second == 1 {
        return { left, right, rows, _ throws(SQLError) in
          isSubtraction
            ? mapBinary(left, right, to: result, rows: rows) { (a: Int64, b: Int64) in a &- b }
            : mapBinary(left, right, to: result, rows: rows) { (a: Int64, b: Int64) in a &+ b }
        }
      }
      let signed = isSubtraction ? -second : second
      return { left, right, rows, _ throws(SQLError) in
        mapBinary(left, right, to: result, rows: rows) { (a: Int64, b: Int64) in
          a &* first &+ b &* signed
        }
      }
    }
    let signed = isSubtraction ? -rightFactor : rightFactor
    if shape.isNarrow {
      return { left, right, rows, _ throws(SQLError) in
        mapBinary(left, right, to: result, rows: rows) { (a: Int64, b: Int64) in
          Int128(a) &* leftFactor &+ Int128(b) &* signed
        }
      }
    }
    return { left, right, rows, _ throws(SQLError) in
      mapBinary(left.widenedDecimal(rows), right.widenedDecimal(rows), to: result, rows: rows) {
        (a: Int128, b: Int128) in
        a &* leftFactor &+ b &* signed
      }
    }
  }

  private func productKernel(_ shape: DecimalShape) -> BinaryKernel {
    let digits = shape.leftPrecision + shape.rightPrecision
    guard shape.scale == shape.leftScale + shape.rightScale, digits <= 38,
      shape.precision >= digits
    else {
      return checkedKernel(shape) { a, b throws(SQLError) in
        let (product, overflow) = a.multipliedReportingOverflow(by: b)
        guard !overflow,
          let rescaled = shape.rescale(
            product,
            from: shape.leftScale + shape.rightScale,
            to: shape.scale
          ), shape.fits(rescaled)
        else { throw decimalOverflow }
        return rescaled
      }
    }
    if shape.precision <= 18 {
      return { left, right, rows, _ throws(SQLError) in
        mapBinary(left, right, to: result, rows: rows) { (a: Int64, b: Int64) in a &* b }
      }
    }
    if shape.isNarrow {
      return { left, right, rows, _ throws(SQLError) in
        mapBinary(left, right, to: result, rows: rows) { (a: Int64, b: Int64) in
          Int128(a) &* Int128(b)
        }
      }
    }
    return { left, right, rows, _ throws(SQLError) in
      mapBinary(left.widenedDecimal(rows), right.widenedDecimal(rows), to: result, rows: rows) {
        (a: Int128, b: Int128) in
        a &* b
      }
    }
  }

  private func quotientKernel(_ shape: DecimalShape) -> BinaryKernel {
    if op == .modulo {
      let common = max(shape.leftScale, shape.rightScale)
      return checkedKernel(shape) { a, b throws(SQLError) in
        if b == 0 { throw divisionByZero }
        guard let x = shape.rescale(a, from: shape.leftScale, to: common),
          let y = shape.rescale(b, from: shape.rightScale, to: common),
          let rest = shape.rescale(y == -1 ? 0 : x % y, from: common, to: shape.scale)
        else { throw decimalOverflow }
        return rest
      }
    }
    let shift = shape.scale - shape.leftScale + shape.rightScale
    let divide: @Sendable (Int128, Int128) throws(SQLError) -> Int128 = { a, b throws(SQLError) in
      if b == 0 { throw divisionByZero }
      guard let quotient = divideDecimal(a, shiftedBy: shift, by: b), shape.fits(quotient) else {
        throw decimalOverflow
      }
      return quotient
    }
    guard shape.isNarrow, shape.precision <= 18, (0...18).contains(shift) else {
      return checkedKernel(shape, divide)
    }
    return narrowQuotientKernel(shape, factor: Int64(PowersOfTen.wide[shift]), otherwise: divide)
  }

  /// Divides in 64 bits as long as the shifted dividend fits, which it mostly does.
  private func narrowQuotientKernel(
    _ shape: DecimalShape,
    factor: Int64,
    otherwise divide: @escaping @Sendable (Int128, Int128) throws(SQLError) -> Int128
  ) -> BinaryKernel {
    { left, right, rows, errors throws(SQLError) in
      let left = left.decoded
      let right = right.decoded
      defer { extendLifetime((left, right)) }
      let a = left.operand(as: Int64.self)
      let b = right.operand(as: Int64.self)
      return mapRows([left, right], to: result, rows: rows, range: range, errors: &errors) {
        (row: Int) throws(SQLError) -> Int64? in
        let (dividend, overflow) = a[row].multipliedReportingOverflow(by: factor)
        let divisor = b[row]
        if overflow || divisor <= 0 {
          return Int64(truncatingIfNeeded: try divide(Int128(a[row]), Int128(divisor)))
        }
        let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
        let rounding: Int64 = abs(remainder) >= divisor - abs(remainder) ? 1 : 0
        let rounded = quotient + (dividend < 0 ? -rounding : rounding)
        if !shape.fits(Int128(rounded)) { throw decimalOverflow }
        return rounded
      }
    }
  }

  /// A kernel that computes one row after the other in 128 bits.
  private func checkedKernel(
    _ shape: DecimalShape,
    _ compute: @escaping @Sendable (Int128, Int128) throws(SQLError) -> Int128
  ) -> BinaryKernel {
    { left, right, rows, errors throws(SQLError) in
      let left = left.widenedDecimal(rows).decoded
      let right = right.widenedDecimal(rows).decoded
      defer { extendLifetime((left, right)) }
      let a = left.operand(as: Int128.self)
      let b = right.operand(as: Int128.self)
      if shape.precision <= 18 {
        return mapRows([left, right], to: result, rows: rows, range: range, errors: &errors) {
          (row: Int) throws(SQLError) -> Int64? in
          Int64(truncatingIfNeeded: try compute(a[row], b[row]))
        }
      }
      return mapRows([left, right], to: result, rows: rows, range: range, errors: &errors) {
        (row: Int) throws(SQLError) -> Int128? in try compute(a[row], b[row])
      }
    }
  }
}

/// The precisions and scales of an operation.
private struct DecimalShape: Sendable {
  let leftPrecision: Int
  let leftScale: Int
  let rightPrecision: Int
  let rightScale: Int
  let precision: Int
  let scale: Int
  /// What the result's magnitude is below.
  let limit: UInt128

  func fits(_ value: Int128) -> Bool { value.magnitude < limit }

  /// Whether both operands are 64 bits wide.
  var isNarrow: Bool { leftPrecision <= 18 && rightPrecision <= 18 }

  /// Changes a scale, rounding half away from zero; nil if the result leaves 128 bits.
  func rescale(_ value: Int128, from scale: Int, to target: Int) -> Int128? {
    if target == scale { return value }
    if target < scale {
      return scale - target > 38
        ? 0 : Decimal.divideRounding(value, by: PowersOfTen.wide[scale - target])
    }
    guard target - scale <= 38 else { return value == 0 ? 0 : nil }
    let (product, overflow) = value.multipliedReportingOverflow(
      by: PowersOfTen.wide[target - scale]
    )
    return overflow ? nil : product
  }
}

extension ColumnVector {
  /// The decimals in 128 bits, whatever their precision.
  func widenedDecimal(_ rows: Selection) -> ColumnVector {
    guard type.physicalType == .int64, case .decimal(_, let scale) = type else { return self }
    return mapUnary(self, to: .decimal(precision: 38, scale: scale), rows: rows) { (value: Int64) in
      Int128(value)
    }
  }
}

/// Divides `value` times a power of ten by `divisor`, rounding half away from zero; the
/// intermediate product may have 256 bits.
///
/// - Returns: nil if the quotient leaves 128 bits.
func divideDecimal(_ value: Int128, shiftedBy shift: Int, by divisor: Int128) -> Int128? {
  if shift < 0 {
    guard -shift <= 38 else { return 0 }
    let (scaled, overflow) = divisor.multipliedReportingOverflow(by: PowersOfTen.wide[-shift])
    // A divisor of over 38 digits leaves nothing of the value, or at most a rounded-up one.
    return overflow ? 0 : roundedQuotient(value, scaled)
  }
  var remaining = shift
  var scaled = value
  let step = min(remaining, 38)
  let (product, overflow) = scaled.multipliedReportingOverflow(by: PowersOfTen.wide[step])
  if !overflow, step == remaining { return roundedQuotient(product, divisor) }
  // 256 bits: multiply the magnitude, divide, and double the remainder for the rounding.
  var high: UInt128 = 0
  var low = scaled.magnitude
  while remaining > 0 {
    let power = PowersOfTen.wide[min(remaining, 38)].magnitude
    let (carry, bottom) = low.multipliedFullWidth(by: power)
    let (top, topOverflow) = high.multipliedReportingOverflow(by: power)
    let (sum, sumOverflow) = top.addingReportingOverflow(carry)
    if topOverflow || sumOverflow { return nil }
    high = sum
    low = bottom
    remaining -= min(remaining, 38)
  }
  let magnitude = divisor.magnitude
  guard high < magnitude else { return nil }
  let (quotient, remainder) = magnitude.dividingFullWidth((high, low))
  let (rounded, carry) = quotient.addingReportingOverflow(
    remainder >= magnitude - remainder ? 1 : 0
  )
  guard !carry, rounded <= Int128.max.magnitude else { return nil }
  scaled = Int128(rounded)
  return (value < 0) == (divisor < 0) ? scaled : -scaled
}

private func roundedQuotient(_ value: Int128, _ divisor: Int128) -> Int128? {
  if let narrow = Int64(exactly: value), let narrowDivisor = Int64(exactly: divisor),
    narrowDivisor > 0
  {
    // 64-bit division is many times faster.
    let (quotient, remainder) = narrow.quotientAndRemainder(dividingBy: narrowDivisor)
    let isHalf = Int64(bitPattern: remainder.magnitude) >= narrowDivisor - abs(remainder)
    return Int128(isHalf ? quotient + (narrow < 0 ? -1 : 1) : quotient)
  }
  if divisor == -1 { return value == Int128.min ? nil : -value }
  let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
  guard remainder.magnitude >= divisor.magnitude - remainder.magnitude else { return quotient }
  return (value < 0) == (divisor < 0) ? quotient + 1 : quotient - 1
}
