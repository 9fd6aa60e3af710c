import ApusValues
import ApusVectors

/// Compares rows value by value, for keys that words do not decide.
///
/// Safety: the vectors are flat, and live as long as the comparator; rows are theirs.
struct RowComparator: Sendable {
  private let orders: [SortOrder]
  private let keys: [ColumnVector]

  /// - Parameter keys: flat vectors, one per order.
  init(_ orders: [SortOrder], keys: [ColumnVector]) {
    self.orders = orders
    self.keys = keys
  }

  var isEmpty: Bool { orders.isEmpty }

  /// The number of keys.
  var count: Int { orders.count }

  /// The first key if it is a string, with its order.
  var leadingStrings: (key: ColumnVector, order: SortOrder)? {
    guard let order = orders.first, order.type.physicalType == .string else { return nil }
    return (keys[0], order)
  }

  /// - Returns: a negative number if `left` comes before `right`, 0 if both are equal, else a
  ///   positive one.
  func compare(_ left: Int, _ right: Int) -> Int {
    for index in orders.indices {
      let result = compare(keys[index], orders[index], left, right)
      if result != 0 { return result }
    }
    return 0
  }

  private func compare(_ key: ColumnVector, _ order: SortOrder, _ left: Int, _ right: Int) -> Int {
    if let validity = key.validity {
      switch (validity[left] != 0, validity[right] != 0) {
      case (false, false): return 0
      case (false, true): return order.nullsFirst ? -1 : 1
      case (true, false): return order.nullsFirst ? 1 : -1
      case (true, true): break
      }
    }
    let result =
      switch key.type.physicalType {
      case .boolean: compare(key, left, right, as: UInt8.self)
      case .int8: compare(key, left, right, as: Int8.self)
      case .int16: compare(key, left, right, as: Int16.self)
      case .int32: compare(key, left, right, as: Int32.self)
      case .int64: compare(key, left, right, as: Int64.self)
      case .int128: compare(key, left, right, as: Int128.self)
      case .float32:
        compare(
          SortKeyWords.ordered(key.values(as: Float.self)[left]),
          SortKeyWords.ordered(key.values(as: Float.self)[right])
        )
      case .float64:
        compare(
          SortKeyWords.ordered(key.values(as: Double.self)[left]),
          SortKeyWords.ordered(key.values(as: Double.self)[right])
        )
      case .string: compareStrings(key.values(as: StringView.self), left, right)
      }
    return order.isAscending ? result : -result
  }

  @inline(__always)
  private func compare<Element: Comparable & BitwiseCopyable>(
    _ key: ColumnVector,
    _ left: Int,
    _ right: Int,
    as element: Element.Type
  ) -> Int {
    let values = key.values(as: Element.self)
    return compare(values[left], values[right])
  }

  @inline(__always)
  private func compare<Element: Comparable>(_ left: Element, _ right: Element) -> Int {
    left < right ? -1 : left == right ? 0 : 1
  }

  private func compareStrings(
    _ values: UnsafePointer<StringView>,
    _ left: Int,
    _ right: Int
  ) -> Int {
    let (left, right) = (values[left], values[right])
    if left.low == right.low, left.high == right.high { return 0 }
    return StringView.compare(left, right)
  }
}
