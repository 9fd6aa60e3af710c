import ApusValues
import ApusVectors

/// Compares two values of a type in memory: negative, 0 or positive.
typealias ValueOrder =
  @Sendable (UnsafeRawPointer, UnsafeRawPointer) throws(SQLError) -> Int

/// Returns the order of a type for a function that looks for an extreme.
///
/// - Parameter sign: 1 for the largest value, -1 for the smallest; NaN is what is found last.
/// - Throws: FUNCTION_NOT_FOUND for a type without an order.
func valueOrder(of type: SQLType, sign: Int, for function: String) throws(SQLError) -> ValueOrder {
  guard type.isOrderable else {
    throw SQLError(
      .functionNotFound,
      "Unexpected parameters (\(type)) for function \(function): the type has no order"
    )
  }
  let nanIsLargest = sign < 0
  switch type.physicalType {
  case .boolean: return order(UInt8.self)
  case .int8: return order(Int8.self)
  case .int16: return order(Int16.self)
  case .int32: return order(Int32.self)
  case .int64: return order(Int64.self)
  case .int128: return order(Int128.self)
  case .float32: return floatingOrder(Float.self, nanIsLargest: nanIsLargest)
  case .float64: return floatingOrder(Double.self, nanIsLargest: nanIsLargest)
  case .string where type.isNested:
    return { (left, right) throws(SQLError) in
      let a = Value(encoded: left.load(as: StringView.self), as: type)
      let b = Value(encoded: right.load(as: StringView.self), as: type)
      return try Value.compare(a, b, nanIsLargest: nanIsLargest)
    }
  case .string:
    return { (left, right) throws(SQLError) in
      StringView.compare(left.load(as: StringView.self), right.load(as: StringView.self))
    }
  }
}

extension Value {
  /// Decodes a nested value of a type.
  fileprivate init(encoded view: StringView, as type: SQLType) {
    self = view.withBytes { Value(encoded: $0, as: type) }
  }
}

private func order<Element: Comparable & BitwiseCopyable & Sendable>(_ element: Element.Type)
  -> ValueOrder
{
  { (left, right) throws(SQLError) in
    let a = left.load(as: Element.self)
    let b = right.load(as: Element.self)
    return a < b ? -1 : a == b ? 0 : 1
  }
}

private func floatingOrder<Element: BinaryFloatingPoint & BitwiseCopyable & Sendable>(
  _ element: Element.Type,
  nanIsLargest: Bool
) -> ValueOrder {
  let nan = nanIsLargest ? 1 : -1
  return { (left, right) throws(SQLError) in
    let a = left.load(as: Element.self)
    let b = right.load(as: Element.self)
    if a < b { return -1 }
    if a > b { return 1 }
    return (a.isNaN ? nan : 0) - (b.isNaN ? nan : 0)
  }
}
