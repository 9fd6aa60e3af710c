import ApusValues
import ApusVectors

/// Compares rows value by value, for keys that words do not decide.
///
/// Safety: the vectors are flat, and live as long as the comparator; rows are theirs.
struct RowComparator: @unchecked Sendable {
  /// What comparing by one key takes: copied without counting references.
  private struct Column {
    let isAscending: Bool
    let nullsFirst: Bool
    let physicalType: PhysicalType
    let isNested: Bool
    let values: UnsafeRawPointer
    let validity: UnsafePointer<UInt8>?

    @inline(__always)
    func isKnown(_ row: Int) -> Bool { validity.map { $0[row] != 0 } ?? true }

    @inline(__always)
    func value<Element: BitwiseCopyable>(_ row: Int, as element: Element.Type) -> Element {
      values.assumingMemoryBound(to: Element.self)[row]
    }
  }

  private let columns: [Column]
  private let orders: [SortOrder]
  /// Keep what the columns point into.
  private let keys: [ColumnVector]

  /// - Parameter keys: flat vectors, one per order.
  init(_ orders: [SortOrder], keys: [ColumnVector]) {
    // Flat as the keys are, and kept below.
    let keys = keys.map { $0.instants(.all($0.count)) }
    columns = zip(orders, keys).map { order, key in
      Column(
        isAscending: order.isAscending,
        nullsFirst: order.nullsFirst,
        physicalType: order.type.physicalType,
        isNested: order.type.isNested,
        values: UnsafeRawPointer(key.storage.values.base)
          + key.offset * order.type.physicalType.stride,
        validity: key.validity
      )
    }
    self.keys = keys
    self.orders = orders
  }

  var isEmpty: Bool { columns.isEmpty }

  /// The number of keys.
  var count: Int { columns.count }

  /// The first key if it is a string, with its order.
  var leadingStrings: (key: ColumnVector, order: SortOrder)? {
    guard let column = columns.first, column.physicalType == .string, !column.isNested else {
      return nil
    }
    return (keys[0], orders[0])
  }

  /// - Returns: a negative number if `left` comes before `right`, 0 if both are equal, else a
  ///   positive one.
  func compare(_ left: Int, _ right: Int) -> Int {
    for index in columns.indices {
      let column = columns[index]
      let result =
        column.isNested
        ? compareNested(index, left, keys[index], right) : compare(column, left, column, right)
      if result != 0 { return result }
    }
    return 0
  }

  /// Compares a row with one of other vectors, by the same orders.
  func compare(_ left: Int, with other: RowComparator, _ right: Int) -> Int {
    for index in columns.indices {
      let column = columns[index]
      let result =
        column.isNested
        ? compareNested(index, left, other.keys[index], right)
        : compare(column, left, other.columns[index], right)
      if result != 0 { return result }
    }
    return 0
  }

  private func compareNested(_ index: Int, _ left: Int, _ other: ColumnVector, _ right: Int) -> Int
  {
    let (left, right) = (keys[index].value(left), other.value(right))
    if left.isNull || right.isNull {
      if left.isNull == right.isNull { return 0 }
      return left.isNull == columns[index].nullsFirst ? -1 : 1
    }
    let result = Value.compare(left, right)
    return columns[index].isAscending ? result : -result
  }

  @inline(__always)
  private func compare(_ key: Column, _ left: Int, _ other: Column, _ right: Int) -> Int {
    if key.validity != nil || other.validity != nil {
      switch (key.isKnown(left), other.isKnown(right)) {
      case (false, false): return 0
      case (false, true): return key.nullsFirst ? -1 : 1
      case (true, false): return key.nullsFirst ? 1 : -1
      case (true, true): break
      }
    }
    let result =
      switch key.physicalType {
      case .boolean: compare(key, left, other, right, as: UInt8.self)
      case .int8: compare(key, left, other, right, as: Int8.self)
      case .int16: compare(key, left, other, right, as: Int16.self)
      case .int32: compare(key, left, other, right, as: Int32.self)
      case .int64: compare(key, left, other, right, as: Int64.self)
      case .int128: compare(key, left, other, right, as: Int128.self)
      case .float32:
        compare(
          SortKeyWords.ordered(key.value(left, as: Float.self)),
          SortKeyWords.ordered(other.value(right, as: Float.self))
        )
      case .float64:
        compare(
          SortKeyWords.ordered(key.value(left, as: Double.self)),
          SortKeyWords.ordered(other.value(right, as: Double.self))
        )
      case .string:
        compare(key.value(left, as: StringView.self), other.value(right, as: StringView.self))
      }
    return key.isAscending ? result : -result
  }

  @inline(__always)
  private func compare<Element: Comparable & BitwiseCopyable>(
    _ key: Column,
    _ left: Int,
    _ other: Column,
    _ right: Int,
    as element: Element.Type
  ) -> Int {
    compare(key.value(left, as: Element.self), other.value(right, as: Element.self))
  }

  @inline(__always)
  private func compare<Element: Comparable>(_ left: Element, _ right: Element) -> Int {
    left < right ? -1 : left == right ? 0 : 1
  }

  @inline(__always)
  private func compare(_ left: StringView, _ right: StringView) -> Int {
    if left.low == right.low, left.high == right.high { return 0 }
    return StringView.compare(left, right)
  }
}
