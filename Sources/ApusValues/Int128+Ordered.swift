// Sixteen bytes that order as bytes, kept as a number that orders the same way: the first bit is
// turned over. That is how uuid and ipaddress lie in memory.

extension Int128 {
  private static let firstBit: UInt128 = 1 << 127

  /// Takes sixteen bytes, the highest first.
  ///
  /// - Parameter bytes: 16 of them.
  public init(ordered bytes: some Sequence<UInt8>) {
    var bits: UInt128 = 0
    for byte in bytes { bits = bits << 8 | UInt128(byte) }
    self.init(truncatingIfNeeded: bits ^ Int128.firstBit)
  }

  /// The sixteen bytes, the highest first.
  public var orderedBytes: [UInt8] {
    let bits = UInt128(truncatingIfNeeded: self) ^ Int128.firstBit
    return (0..<16).map { UInt8(truncatingIfNeeded: bits >> (120 - 8 * $0)) }
  }
}
