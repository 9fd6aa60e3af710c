import ApusPlanner
import ApusValues
import ApusVectors

extension CastOperation {
  /// Conversions to real or double, to the nearest number.
  func floatingKernel<
    Target: BinaryFloatingPoint & LosslessStringConvertible & Sendable
  >(_ target: Target.Type) -> UnaryKernel {
    if case .decimal(_, let scale) = from { return decimalToFloating(scale, target) }
    return switch from.physicalType {
    case .boolean: integerToFloating(UInt8.self, target)
    case .int8: integerToFloating(Int8.self, target)
    case .int16: integerToFloating(Int16.self, target)
    case .int32: integerToFloating(Int32.self, target)
    case .int64: integerToFloating(Int64.self, target)
    case .int128: integerToFloating(Int128.self, target)
    case .float32: floatingToFloating(Float.self, target)
    case .float64: floatingToFloating(Double.self, target)
    case .string:
      parsingKernel { bytes throws(SQLError) -> Target in
        guard let value: Target = parseFloating(bytes) else {
          throw invalid("Cannot cast '\(text(bytes))' to \(to.description.uppercased())")
        }
        return value
      }
    }
  }

  private func integerToFloating<
    Source: FixedWidthInteger & Sendable,
    Target: BinaryFloatingPoint & Sendable
  >(_ source: Source.Type, _ target: Target.Type) -> UnaryKernel {
    { vector, rows, _ throws(SQLError) in
      mapUnary(vector, to: to, rows: rows) { (value: Source) in Target(value) }
    }
  }

  private func floatingToFloating<
    Source: BinaryFloatingPoint & Sendable,
    Target: BinaryFloatingPoint & Sendable
  >(_ source: Source.Type, _ target: Target.Type) -> UnaryKernel {
    { vector, rows, _ throws(SQLError) in
      mapUnary(vector, to: to, rows: rows) { (value: Source) in Target(value) }
    }
  }

  private func decimalToFloating<Target: BinaryFloatingPoint & Sendable>(
    _ scale: Int,
    _ target: Target.Type
  ) -> UnaryKernel {
    let power = Double(PowersOfTen.wide[scale])
    if from.physicalType == .int64 {
      return { vector, rows, _ throws(SQLError) in
        mapUnary(vector, to: to, rows: rows) { (value: Int64) in Target(Double(value) / power) }
      }
    }
    return totalKernel { (value: Int128) in
      if let short = Int64(exactly: value), short.magnitude < 1 << 53, scale <= 22 {
        return Target(Double(short) / power)
      }
      // The digits give the nearest double where a division would round twice.
      return Target(Double(Decimal.format(value, scale: scale)) ?? Double(value) / power)
    }
  }
}

/// Reads a floating-point number as Java does: surrounding spaces, decimal digits with an exponent,
/// `NaN`, `Infinity`. Nil for anything else.
func parseFloating<Target: LosslessStringConvertible & BinaryFloatingPoint>(
  _ bytes: UnsafeRawBufferPointer
) -> Target? {
  let trimmed = trimSpaces(bytes)
  let isPlain = trimmed.allSatisfy { byte in
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
      UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default:
      false
    }
  }
  let text = String(decoding: trimmed, as: UTF8.self)
  if isPlain { return Target(text) }
  switch text {
  case "NaN", "+NaN", "-NaN": return .nan
  case "Infinity", "+Infinity": return .infinity
  case "-Infinity": return -.infinity
  default: return nil
  }
}

/// Returns the bytes without spaces and control characters around them.
func trimSpaces(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
  var start = 0
  var end = bytes.count
  while start < end, bytes[start] <= UInt8(ascii: " ") { start += 1 }
  while end > start, bytes[end - 1] <= UInt8(ascii: " ") { end -= 1 }
  return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
}
