import ApusPlanner
import ApusValues
import ApusVectors

extension CastOperation {
  /// Conversions to an integer: fractions round half away from zero, what does not fit fails.
  func integerKernel<Target: FixedWidthInteger & SignedInteger & Sendable>(_ target: Target.Type)
    -> UnaryKernel
  {
    if case .decimal(_, let scale) = from { return decimalToInteger(scale, target) }
    return switch from.physicalType {
    case .boolean: totalKernel { (value: UInt8) in Target(truncatingIfNeeded: value) }
    case .int8: widthKernel(Int8.self, target)
    case .int16: widthKernel(Int16.self, target)
    case .int32: widthKernel(Int32.self, target)
    case .int64: widthKernel(Int64.self, target)
    case .int128: widthKernel(Int128.self, target)
    case .float32: floatingToInteger(Float.self, target)
    case .float64: floatingToInteger(Double.self, target)
    case .string:
      parsingKernel { bytes throws(SQLError) -> Target in
        guard let value: Target = parseInteger(bytes) else {
          throw invalid("Cannot cast '\(text(bytes))' to \(integerName)")
        }
        return value
      }
    }
  }

  private var integerName: String {
    to == .integer ? "INT" : to.description.uppercased()
  }

  private func widthKernel<
    Source: FixedWidthInteger & SignedInteger & Sendable,
    Target: FixedWidthInteger & SignedInteger & Sendable
  >(_ source: Source.Type, _ target: Target.Type) -> UnaryKernel {
    if Source.bitWidth <= Target.bitWidth {
      return { vector, rows, _ throws(SQLError) in
        mapUnary(vector, to: to, rows: rows) { (value: Source) in
          Target(truncatingIfNeeded: value)
        }
      }
    }
    return rowKernel { (value: Source) throws(SQLError) -> Target in
      guard let result = Target(exactly: value) else {
        throw SQLError(.numericValueOutOfRange, "Out of range for \(to): \(value)", at: range)
      }
      return result
    }
  }

  private func floatingToInteger<
    Source: BinaryFloatingPoint & LosslessStringConvertible & Sendable,
    Target: FixedWidthInteger & SignedInteger & Sendable
  >(_ source: Source.Type, _ target: Target.Type) -> UnaryKernel {
    rowKernel { (value: Source) throws(SQLError) -> Target in
      guard let result = Target(exactly: value.rounded(.toNearestOrAwayFromZero)) else {
        let shown = floatingPointText(Double(value), shortest: value.description)
        throw invalid("Unable to cast \(shown) to \(to)")
      }
      return result
    }
  }

  private func decimalToInteger<Target: FixedWidthInteger & SignedInteger & Sendable>(
    _ scale: Int,
    _ target: Target.Type
  ) -> UnaryKernel {
    let power = PowersOfTen.wide[scale]
    let convert: @Sendable (Int128) throws(SQLError) -> Target = { unscaled throws(SQLError) in
      guard let result = Target(exactly: Decimal.divideRounding(unscaled, by: power)) else {
        let shown = Decimal.format(unscaled, scale: scale)
        throw invalid("Cannot cast '\(shown)' to \(to.description.uppercased())")
      }
      return result
    }
    if from.physicalType == .int64 {
      return rowKernel { (value: Int64) throws(SQLError) -> Target in try convert(Int128(value)) }
    }
    return rowKernel { (value: Int128) throws(SQLError) -> Target in try convert(value) }
  }
}

/// Reads `[+-]digits`; nil for anything else and for what does not fit.
func parseInteger<Target: FixedWidthInteger & SignedInteger>(_ bytes: UnsafeRawBufferPointer)
  -> Target?
{
  var position = 0
  var isNegative = false
  if let first = bytes.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
    isNegative = first == UInt8(ascii: "-")
    position = 1
  }
  guard position < bytes.count else { return nil }
  // Counting downwards reaches the smallest number, whose magnitude has no positive counterpart.
  var value: Target = 0
  while position < bytes.count {
    let digit = bytes[position] &- UInt8(ascii: "0")
    guard digit <= 9 else { return nil }
    let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
    let (next, secondOverflow) = tenfold.subtractingReportingOverflow(Target(digit))
    if overflow || secondOverflow { return nil }
    value = next
    position += 1
  }
  if isNegative { return value }
  let (positive, overflow) = Target(0).subtractingReportingOverflow(value)
  return overflow ? nil : positive
}
