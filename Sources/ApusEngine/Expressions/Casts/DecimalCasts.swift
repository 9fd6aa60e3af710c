import ApusPlanner
import ApusValues
import ApusVectors

extension CastOperation {
  /// Conversions to a decimal, rounding half away from zero; what does not fit fails.
  func decimalKernel(precision: Int, scale: Int) -> UnaryKernel {
    if case .decimal(let sourcePrecision, let sourceScale) = from {
      return decimalToDecimal(sourcePrecision, sourceScale, precision, scale)
    }
    switch from.physicalType {
    case .boolean:
      return integerToDecimal(UInt8.self, "BOOLEAN", precision, scale)
    case .int8:
      return integerToDecimal(Int8.self, "TINYINT", precision, scale)
    case .int16:
      return integerToDecimal(Int16.self, "SMALLINT", precision, scale)
    case .int32:
      return integerToDecimal(Int32.self, "INTEGER", precision, scale)
    case .int64, .int128:
      return integerToDecimal(Int64.self, "BIGINT", precision, scale)
    case .float32:
      return narrowing { (value: Float) throws(SQLError) -> Int128 in
        guard value.isFinite,
          let unscaled = parseDecimal(value.description, precision: precision, scale: scale)
        else {
          throw unfit(
            "REAL",
            floatingPointText(Double(value), shortest: value.description),
            precision,
            scale
          )
        }
        return unscaled
      }
    case .float64:
      return narrowing { (value: Double) throws(SQLError) -> Int128 in
        guard let unscaled = decimal(nearest: value, precision: precision, scale: scale) else {
          let shown = floatingPointText(value, shortest: value.description)
          throw unfit("DOUBLE", shown, precision, scale)
        }
        return unscaled
      }
    case .string:
      return narrowing { (view: StringView) throws(SQLError) -> Int128 in
        let unscaled = view.withBytes { parseDecimal($0, precision: precision, scale: scale) }
        guard let unscaled else { throw unfit("VARCHAR", view.string, precision, scale) }
        return unscaled
      }
    }
  }

  private func unfit(_ source: String, _ shown: String, _ precision: Int, _ scale: Int) -> SQLError
  {
    invalid("Cannot cast \(source) '\(shown)' to DECIMAL(\(precision), \(scale))")
  }

  /// A kernel that computes 128 bits and stores as many as the type has.
  private func narrowing<Input>(
    _ convert: @escaping @Sendable (Input) throws(SQLError) -> Int128
  ) -> UnaryKernel {
    if to.physicalType == .int64 {
      return rowKernel { (value: Input) throws(SQLError) -> Int64 in
        Int64(truncatingIfNeeded: try convert(value))
      }
    }
    return rowKernel(convert)
  }

  private func integerToDecimal<Source: FixedWidthInteger & Sendable>(
    _ source: Source.Type,
    _ name: String,
    _ precision: Int,
    _ scale: Int
  ) -> UnaryKernel {
    let factor = PowersOfTen.wide[scale]
    let digits = from == .boolean ? 1 : decimalDigits(of: source)
    if digits + scale <= precision {
      // Every value fits.
      if to.physicalType == .int64 {
        return scaling(source, by: Int64(truncatingIfNeeded: factor))
      }
      return scaling(source, by: factor)
    }
    return narrowing { (value: Source) throws(SQLError) -> Int128 in
      let (unscaled, overflow) = Int128(value).multipliedReportingOverflow(by: factor)
      guard !overflow, Decimal.fits(unscaled, precision: precision) else {
        throw unfit(name, "\(value)", precision, scale)
      }
      return unscaled
    }
  }

  /// A kernel that widens and multiplies numbers whose product is known to fit.
  private func scaling<
    Source: FixedWidthInteger & Sendable,
    Target: FixedWidthInteger & Sendable
  >(_ source: Source.Type, by factor: Target) -> UnaryKernel {
    { vector, rows, _ throws(SQLError) in
      mapUnary(vector, to: to, rows: rows) { (value: Source) in
        Target(truncatingIfNeeded: value) &* factor
      }
    }
  }

  private func decimalDigits<Source: FixedWidthInteger>(of source: Source.Type) -> Int {
    switch Source.bitWidth {
    case 8: 3
    case 16: 5
    case 32: 10
    default: 19
    }
  }

  private func decimalToDecimal(
    _ sourcePrecision: Int,
    _ sourceScale: Int,
    _ precision: Int,
    _ scale: Int
  ) -> UnaryKernel {
    let isNarrow = from.physicalType == .int64
    let rises = scale - sourceScale
    if rises >= 0, sourcePrecision + rises <= precision {
      // Every value fits, and at most gains zeros.
      if rises == 0, from.physicalType == to.physicalType {
        return { vector, _, _ throws(SQLError) in vector.retyped(to) }
      }
      let factor = PowersOfTen.wide[rises]
      if to.physicalType == .int64 {
        return scaling(Int64.self, by: Int64(truncatingIfNeeded: factor))
      }
      return isNarrow ? scaling(Int64.self, by: factor) : scaling(Int128.self, by: factor)
    }
    let convert: @Sendable (Int128) throws(SQLError) -> Int128 = { value throws(SQLError) in
      guard
        let result = Decimal.rescale(value, from: sourceScale, to: scale, precision: precision)
      else {
        throw unfit("DECIMAL", Decimal.format(value, scale: sourceScale), precision, scale)
      }
      return result
    }
    if isNarrow {
      return narrowing { (value: Int64) throws(SQLError) -> Int128 in try convert(Int128(value)) }
    }
    return narrowing(convert)
  }
}

/// Rounds a double to `scale` places as its shortest decimal digits read, half away from zero; nil if
/// it has more than `precision` digits then or is no finite number.
func decimal(nearest value: Double, precision: Int, scale: Int) -> Int128? {
  guard value.isFinite else { return nil }
  if scale <= 15 {
    // Exact enough wherever the product is small and the fraction is not near a half.
    let product = value * Double(PowersOfTen.wide[scale])
    if product.magnitude < 1e14 {
      let whole = product.rounded(.towardZero)
      let fraction = (product - whole).magnitude
      if (fraction - 0.5).magnitude > 0.05 {
        let unscaled = Int128(fraction > 0.5 ? whole + (product < 0 ? -1 : 1) : whole)
        return Decimal.fits(unscaled, precision: precision) ? unscaled : nil
      }
    }
  }
  return parseDecimal(value.description, precision: precision, scale: scale)
}

func parseDecimal(_ text: String, precision: Int, scale: Int) -> Int128? {
  var text = text
  return text.withUTF8 {
    parseDecimal(UnsafeRawBufferPointer($0), precision: precision, scale: scale)
  }
}

/// Reads `[+-]digits[.digits][e[+-]digits]` and rounds to `scale` places, half away from zero.
///
/// - Returns: the unscaled value; nil if the text is no such number or does not fit `precision`.
func parseDecimal(_ bytes: UnsafeRawBufferPointer, precision: Int, scale: Int) -> Int128? {
  let bytes = trimSpaces(bytes)
  var position = 0
  var isNegative = false
  if let first = bytes.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
    isNegative = first == UInt8(ascii: "-")
    position = 1
  }
  let digitsStart = position
  var pointPosition: Int?
  var digitCount = 0
  scan: while position < bytes.count {
    switch bytes[position] {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digitCount += 1
    case UInt8(ascii: "."):
      if pointPosition != nil { return nil }
      pointPosition = position
    default: break scan
    }
    position += 1
  }
  guard digitCount > 0 else { return nil }
  let digitsEnd = position
  var exponent = 0
  if position < bytes.count {
    guard bytes[position] | 0x20 == UInt8(ascii: "e") else { return nil }
    let rest = UnsafeRawBufferPointer(rebasing: bytes[(position + 1)...])
    guard let parsed: Int32 = parseInteger(rest) else { return nil }
    exponent = Int(parsed)
  }
  // How many of the digits stand before the place where the result is cut.
  let wholeDigits = (pointPosition ?? digitsEnd) - digitsStart
  let cut = wholeDigits + exponent + scale
  // What is below it has room for one more digit.
  let limit = PowersOfTen.wide[precision - 1]
  var value: Int128 = 0
  var seen = 0
  for index in digitsStart..<digitsEnd where index != pointPosition {
    let digit = Int128(bytes[index] - UInt8(ascii: "0"))
    guard seen < cut else {
      if seen == cut, digit >= 5 { value += 1 }
      break
    }
    guard value < limit else { return nil }
    value = value * 10 + digit
    seen += 1
  }
  var missing = max(0, cut - digitCount)
  while missing > 0, value != 0 {
    guard value < limit else { return nil }
    value *= 10
    missing -= 1
  }
  guard Decimal.fits(value, precision: precision) else { return nil }
  return isNegative ? -value : value
}
