import ApusValues

// Types that are narrower than their memory: a decimal has so many digits, a time of day ends at
// midnight. Kernels above rely on it, so values that break it are found here, once for a dictionary
// and many at a time for plain values.
//
// Safety: `values` has `count` elements of the type's physical type.

/// The greatest magnitude or the range of a type whose values do not fill their memory.
enum ValueRange {
  /// From `-limit` to `limit` in 64 bits.
  case narrow(limit: Int64)
  case wide(limit: Int128)
  /// From 0 up to `limit` in 64 bits.
  case fromZero(limit: Int64)

  init?(_ type: SQLType) {
    switch type {
    case .decimal(let precision, _):
      self =
        precision <= 18
        ? .narrow(limit: PowersOfTen.narrow[precision] - 1)
        : .wide(limit: PowersOfTen.wide[precision] - 1)
    case .time:
      self = .fromZero(limit: Timestamp.microsecondsPerDay - 1)
    default:
      return nil
    }
  }

  /// - Throws: if a value is outside.
  func check(_ values: UnsafeRawPointer, count: Int) throws(DecodingFailure) {
    var isOutside = false
    switch self {
    case .narrow(let limit):
      let values = values.assumingMemoryBound(to: Int64.self)
      // Moved by the limit, all that is inside lies from 0 to twice the limit.
      let span = UInt64(limit) * 2
      for index in 0..<count {
        if UInt64(bitPattern: values[index] &+ limit) > span { isOutside = true }
      }
    case .wide(let limit):
      let values = values.assumingMemoryBound(to: Int128.self)
      let span = UInt128(limit) * 2
      for index in 0..<count {
        if UInt128(truncatingIfNeeded: values[index] &+ limit) > span { isOutside = true }
      }
    case .fromZero(let limit):
      let values = values.assumingMemoryBound(to: Int64.self)
      for index in 0..<count {
        if UInt64(bitPattern: values[index]) > UInt64(limit) { isOutside = true }
      }
    }
    if isOutside { throw DecodingFailure("a value is outside of the range of its type") }
  }
}
