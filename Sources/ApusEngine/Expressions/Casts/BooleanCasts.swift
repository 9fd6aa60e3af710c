import ApusPlanner
import ApusValues
import ApusVectors

extension CastOperation {
  /// Numbers are true unless zero; text is true, t, 1, false, f or 0 in any case.
  func booleanKernel() -> UnaryKernel {
    switch from.physicalType {
    case .boolean: totalKernel { (value: UInt8) in value }
    case .int8: totalKernel { (value: Int8) in bit(value != 0) }
    case .int16: totalKernel { (value: Int16) in bit(value != 0) }
    case .int32: totalKernel { (value: Int32) in bit(value != 0) }
    case .int64: totalKernel { (value: Int64) in bit(value != 0) }
    case .int128: totalKernel { (value: Int128) in bit(value != 0) }
    case .float32: totalKernel { (value: Float) in bit(value != 0) }
    case .float64: totalKernel { (value: Double) in bit(value != 0) }
    case .string:
      parsingKernel { bytes throws(SQLError) -> UInt8 in
        switch String(decoding: bytes, as: UTF8.self).lowercased() {
        case "true", "t", "1": return 1
        case "false", "f", "0": return 0
        default: throw invalid("Cannot cast '\(text(bytes))' to BOOLEAN")
        }
      }
    }
  }

  /// The bytes as text, for messages.
  func text(_ bytes: UnsafeRawBufferPointer) -> String { String(decoding: bytes, as: UTF8.self) }
}
