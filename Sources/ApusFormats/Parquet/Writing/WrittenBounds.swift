import ApusValues
import ApusVectors

// The least and greatest value of a page or chunk, on their way into statistics.
//
// What readers may believe of them (parquet.thrift, ColumnOrder and Statistics):
//
// - Their order is that of the type: numbers by sign, strings by unsigned bytes.
// - A NaN is never a bound. Readers that sort it above all numbers would miss it behind the greatest
//   of the others, so that values with a NaN among them have no bounds at all.
// - A least zero is written as -0, a greatest as +0, since both may be among the values.

/// A value as far as bounds need it.
enum BoundValue {
  case integer(Int128)
  case floating(Double)
  case bytes([UInt8])

  static func < (left: BoundValue, right: BoundValue) -> Bool {
    switch (left, right) {
    case (.integer(let left), .integer(let right)): return left < right
    case (.floating(let left), .floating(let right)): return left < right
    case (.bytes(let left), .bytes(let right)): return left.lexicographicallyPrecedes(right)
    case (.integer, _), (.floating, _), (.bytes, _): return false
    }
  }
}

struct WrittenBounds {
  private(set) var low: BoundValue?
  private(set) var high: BoundValue?
  private(set) var hasNaN = false

  /// Whether there are values and all of them lie between the bounds.
  var isKnown: Bool { low != nil && !hasNaN }

  /// Takes other values in.
  mutating func merge(_ other: WrittenBounds) {
    if other.hasNaN { hasNaN = true }
    if let low = other.low, let high = other.high { extend(low: low, high: high) }
  }

  private mutating func extend(low newLow: BoundValue, high newHigh: BoundValue) {
    guard let low, let high else {
      low = newLow
      high = newHigh
      return
    }
    if newLow < low { self.low = newLow }
    if high < newHigh { self.high = newHigh }
  }

  /// Takes strings between two others in, copying them only where they are new bounds.
  mutating func extend(low newLow: StringView, high newHigh: StringView) {
    guard case .bytes(let low) = low, case .bytes(let high) = high else {
      low = .bytes(newLow.withBytes { Array($0) })
      high = .bytes(newHigh.withBytes { Array($0) })
      return
    }
    newLow.withBytes { bytes in
      if low.withUnsafeBytes({ compareBytes(bytes, $0) }) < 0 { self.low = .bytes(Array(bytes)) }
    }
    newHigh.withBytes { bytes in
      if high.withUnsafeBytes({ compareBytes(bytes, $0) }) > 0 { self.high = .bytes(Array(bytes)) }
    }
  }

  /// Takes values of a stored form in.
  ///
  /// Safety: `values` are `count` elements as `ValueStaging` makes them.
  mutating func extend(_ values: UnsafeRawPointer, count: Int, form: StoredForm) {
    if count == 0 { return }
    switch form {
    case .boolean:
      extendIntegers(values.assumingMemoryBound(to: UInt8.self), count)
    case .int8ToInt32, .int16ToInt32, .int32, .int64ToInt32, .int64ToInt32Milliseconds:
      extendIntegers(values.assumingMemoryBound(to: Int32.self), count)
    case .int64, .int64Milliseconds, .int128Nanoseconds:
      extendIntegers(values.assumingMemoryBound(to: Int64.self), count)
    case .float:
      let values = values.assumingMemoryBound(to: Float.self)
      extendFloating(values, count) { Double($0) }
    case .double:
      let values = values.assumingMemoryBound(to: Double.self)
      extendFloating(values, count) { $0 }
    case .int128:
      let values = values.assumingMemoryBound(to: Int128.self)
      var low = values[0]
      var high = values[0]
      for index in 1..<count {
        if values[index] < low { low = values[index] }
        if values[index] > high { high = values[index] }
      }
      extend(low: .integer(low), high: .integer(high))
    case .string:
      let views = values.assumingMemoryBound(to: StringView.self)
      var low = 0
      var high = 0
      for index in 1..<count {
        if StringView.compare(views[index], views[low]) < 0 {
          low = index
        } else if StringView.compare(views[index], views[high]) > 0 {
          high = index
        }
      }
      extend(low: views[low], high: views[high])
    }
  }

  @inline(__always)
  private mutating func extendIntegers<Integer: FixedWidthInteger>(
    _ values: UnsafePointer<Integer>,
    _ count: Int
  ) {
    var low = values[0]
    var high = values[0]
    for index in 1..<count {
      low = min(low, values[index])
      high = max(high, values[index])
    }
    extend(
      low: .integer(Int128(widening: Int64(low))),
      high: .integer(Int128(widening: Int64(high)))
    )
  }

  @inline(__always)
  private mutating func extendFloating<Floating: BinaryFloatingPoint>(
    _ values: UnsafePointer<Floating>,
    _ count: Int,
    _ widen: (Floating) -> Double
  ) {
    var low = Floating.infinity
    var high = -Floating.infinity
    var nans = 0
    for index in 0..<count {
      let value = values[index]
      // Comparisons with a NaN are false, so it never becomes a bound.
      if value < low { low = value }
      if value > high { high = value }
      nans &+= value == value ? 0 : 1
    }
    if nans > 0 { hasNaN = true }
    if nans == count { return }
    // Infinities of the sign that each began with never replaced it.
    extend(low: .floating(widen(low)), high: .floating(widen(high)))
  }
}
