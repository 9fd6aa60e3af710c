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
    case .boolean: totalKernel { (value: UInt8) in Target(value) }
    case .int8: totalKernel { (value: Int8) in Target(value) }
    case .int16: totalKernel { (value: Int16) in Target(value) }
    case .int32: totalKernel { (value: Int32) in Target(value) }
    case .int64: totalKernel { (value: Int64) in Target(value) }
    case .int128: totalKernel { (value: Int128) in Target(value) }
    case .float32: totalKernel { (value: Float) in Target(value) }
    case .float64: totalKernel { (value: Double) in Target(value) }
    case .string:
      parsingKernel { bytes throws(SQLError) -> Target in
        guard let value: Target = parseFloating(bytes) else {
          throw invalid("Cannot cast '\(text(bytes))' to \(to.description.uppercased())")
        }
        return value
      }
    }
  }

  private func decimalToFloating<Target: BinaryFloatingPoint & Sendable>(
    _ scale: Int,
    _ target: Target.Type
  ) -> UnaryKernel {
    let power = Double(PowersOfTen.wide[scale])
    if from.physicalType == .int64 {
      return totalKernel { (value: Int64) in Target(Double(value) / power) }
    }
    return totalKernel { (value: Int128) in
      if value.magnitude < 1 << 53, scale <= 22 { return Target(Double(value) / power) }
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
