import Glibc

extension Value {
  /// Compares two values of one type that are not NULL, as SQL does; NaN is largest.
  ///
  /// - Returns: a negative number, 0 or a positive number.
  public static func compare(_ left: Value, _ right: Value) -> Int {
    switch (left, right) {
    case (.boolean(let a), .boolean(let b)): (a ? 1 : 0) - (b ? 1 : 0)
    case (.integer(let a), .integer(let b)): a < b ? -1 : a == b ? 0 : 1
    case (.zoned(let a), .zoned(let b)):
      a.picoseconds < b.picoseconds ? -1 : a.picoseconds == b.picoseconds ? 0 : 1
    case (.real(let a), .real(let b)): compareFloating(Double(a), Double(b))
    case (.double(let a), .double(let b)): compareFloating(a, b)
    case (.text(var a), .text(var b)):
      a.withUTF8 { x in
        b.withUTF8 { compareBytes(UnsafeRawBufferPointer(x), UnsafeRawBufferPointer($0)) }
      }
    case (.binary(let a), .binary(let b)):
      a.withUnsafeBytes { x in b.withUnsafeBytes { compareBytes(x, $0) } }
    case (.array(let a), .array(let b)), (.row(let a), .row(let b)):
      compareLists(a, b)
    default:
      if let a = left.int128, let b = right.int128 { a < b ? -1 : a == b ? 0 : 1 } else { 0 }
    }
  }

  /// Compares two values of one type that are not NULL, as aggregates do that look for an extreme.
  ///
  /// - Parameter nanIsLargest: whether NaN is largest, smallest otherwise.
  /// - Throws: NOT_SUPPORTED for a NULL within a value, where it would decide.
  public static func compare(_ left: Value, _ right: Value, nanIsLargest: Bool) throws(SQLError)
    -> Int
  {
    switch (left, right) {
    case (.real(let a), .real(let b)):
      return compareFloating(Double(a), Double(b)) * nanSign(a.isNaN || b.isNaN, nanIsLargest)
    case (.double(let a), .double(let b)):
      return compareFloating(a, b) * nanSign(a.isNaN || b.isNaN, nanIsLargest)
    case (.array(let a), .array(let b)):
      for (x, y) in zip(a, b) {
        if x.isNull || y.isNull {
          throw SQLError(
            .notSupported,
            "ARRAY comparison not supported for arrays with null elements"
          )
        }
        let order = try compare(x, y, nanIsLargest: nanIsLargest)
        if order != 0 { return order }
      }
      return a.count - b.count
    case (.row(let a), .row(let b)):
      for (x, y) in zip(a, b) {
        if x.isNull || y.isNull {
          throw SQLError(
            .notSupported,
            "ROW comparison not supported for fields with null elements"
          )
        }
        let order = try compare(x, y, nanIsLargest: nanIsLargest)
        if order != 0 { return order }
      }
      return 0
    default:
      return compare(left, right)
    }
  }

  private static func nanSign(_ isNaN: Bool, _ nanIsLargest: Bool) -> Int {
    isNaN && !nanIsLargest ? -1 : 1
  }

  private static func compareFloating(_ a: Double, _ b: Double) -> Int {
    if a < b { return -1 }
    if a > b { return 1 }
    if a == b { return 0 }
    return (a.isNaN ? 1 : 0) - (b.isNaN ? 1 : 0)
  }

  /// By the first values that differ, NULLs last, then by length.
  private static func compareLists(_ left: [Value], _ right: [Value]) -> Int {
    for (a, b) in zip(left, right) {
      if a.isNull || b.isNull {
        if a.isNull != b.isNull { return a.isNull ? 1 : -1 }
        continue
      }
      let order = compare(a, b)
      if order != 0 { return order }
    }
    return left.count - right.count
  }
}

/// Compares two byte strings as `memcmp` does, a proper prefix being smaller.
public func compareBytes(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
  let common = min(left.count, right.count)
  if common > 0, let leftBase = left.baseAddress, let rightBase = right.baseAddress {
    let order = memcmp(leftBase, rightBase, common)
    if order != 0 { return Int(order) }
  }
  return left.count - right.count
}
