import ApusPlanner
import ApusValues

extension FunctionSignature {
  /// A function that gives bytes.
  static func binary(_ name: String, _ parameters: [Parameter], _ summary: String)
    -> FunctionSignature
  {
    FunctionSignature(name, parameters, returns: .type(.varbinary), summary: summary)
  }
}

/// The bytes of an integer, the most significant first.
func bigEndianBytes(_ value: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: value.bigEndian) { Array($0) }
}
