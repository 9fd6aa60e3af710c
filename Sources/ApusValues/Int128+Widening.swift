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

  /// The value in 64 bits, nil if it needs more; what `Int64(exactly:)` does, without the call.
  @inlinable
  @inline(__always)
  public var narrowed: Int64? {
    let narrow = Int64(bitPattern: _low)
    return _high == narrow >> 63 ? narrow : nil
  }
}
