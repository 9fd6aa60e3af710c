import ApusValues
import ApusVectors

/// One value per group of any type, with copies of the bytes that text needs.
///
/// Bytes of replaced texts are left behind and swept away when most of the heap is such.
///
/// Safety: groups are below `count`, which `resize` sets; views point into `heap` alone.
struct GroupValues {
  let type: SQLType
  private var bytes: [UInt128] = []
  private var isKnown: [UInt8] = []
  private var isNull: [UInt8] = []
  private var heap = StringHeap()
  private var sweptByteCount = 0

  init(type: SQLType) { self.type = type }

  mutating func resize(to count: Int) {
    bytes.grow(to: count, with: 0)
    isKnown.grow(to: count, with: 0)
    isNull.grow(to: count, with: 0)
  }

  /// Whether the group has a value yet, be it NULL.
  func isKnown(_ group: Int) -> Bool { isKnown[group] != 0 }

  /// Sets a group to a row of a decoded vector of the type.
  mutating func set(_ group: Int, from vector: ColumnVector, row: Int) {
    isKnown[group] = 1
    isNull[group] = vector.isNull(row) ? 1 : 0
    if isNull[group] != 0 { return }
    let index = vector.storageIndex(row)
    let base = UnsafeRawPointer(vector.storage.values.base)
    switch type.physicalType {
    case .string:
      setView(group, base.load(fromByteOffset: index * 16, as: StringView.self))
    case .boolean, .int8, .int16, .int32, .int64, .int128, .float32, .float64:
      let stride = type.physicalType.stride
      withUnsafeMutableBytes(of: &bytes[group]) { target in
        target.copyMemory(from: UnsafeRawBufferPointer(start: base + index * stride, count: stride))
      }
    }
  }

  /// Sets a group to what a group of `other` has.
  mutating func set(_ group: Int, from other: GroupValues, group otherGroup: Int) {
    isKnown[group] = other.isKnown[otherGroup]
    isNull[group] = other.isNull[otherGroup]
    if isKnown[group] == 0 || isNull[group] != 0 { return }
    if type.physicalType == .string {
      setView(group, unsafeBitCast(other.bytes[otherGroup], to: StringView.self))
    } else {
      bytes[group] = other.bytes[otherGroup]
    }
  }

  private mutating func setView(_ group: Int, _ view: StringView) {
    bytes[group] = unsafeBitCast(heap.store(view), to: UInt128.self)
    if heap.byteCount > 1 << 20, heap.byteCount > 4 * sweptByteCount { sweep() }
  }

  private mutating func sweep() {
    let fresh = StringHeap()
    for group in bytes.indices where isKnown[group] != 0 && isNull[group] == 0 {
      let view = unsafeBitCast(bytes[group], to: StringView.self)
      bytes[group] = unsafeBitCast(fresh.store(view), to: UInt128.self)
    }
    heap = fresh
    sweptByteCount = max(fresh.byteCount, 1 << 18)
  }

  /// Calls `body` with the memory of the group's value.
  func withValue<Result>(_ group: Int, _ body: (UnsafeRawPointer) -> Result) -> Result {
    bytes.withUnsafeBytes { body($0.baseAddress.unsafelyUnwrapped + group * 16) }
  }

  /// Returns the values of groups as a vector; groups without one are NULL.
  func vector(_ range: Range<Int>, type result: SQLType) -> ColumnVector {
    let builder = VectorBuilder(type: result, capacity: range.count)
    let stride = type.physicalType.stride
    for (row, group) in range.enumerated() {
      if isKnown[group] == 0 || isNull[group] != 0 {
        builder.setNull(row)
      } else {
        withValue(group) { value in
          (builder.rawValues + row * stride).copyMemory(from: value, byteCount: stride)
        }
      }
    }
    // The blocks are shared; the heap never writes again where it wrote before.
    builder.retain(heaps: heap.blocks)
    return builder.finish(count: range.count)
  }

  var byteCount: Int { bytes.capacity * 18 + heap.byteCount }
}

/// Compares two values of a physical type in memory: negative, 0 or positive. NaN is largest.
typealias ValueOrder = @Sendable (UnsafeRawPointer, UnsafeRawPointer) -> Int

/// Returns the order of a physical type.
func valueOrder(of type: PhysicalType) -> ValueOrder {
  switch type {
  case .boolean: order(UInt8.self)
  case .int8: order(Int8.self)
  case .int16: order(Int16.self)
  case .int32: order(Int32.self)
  case .int64: order(Int64.self)
  case .int128: order(Int128.self)
  case .float32: floatingOrder(Float.self)
  case .float64: floatingOrder(Double.self)
  case .string:
    { StringView.compare($0.load(as: StringView.self), $1.load(as: StringView.self)) }
  }
}

private func order<Element: Comparable & BitwiseCopyable & Sendable>(_ element: Element.Type)
  -> ValueOrder
{
  { left, right in
    let a = left.load(as: Element.self)
    let b = right.load(as: Element.self)
    return a < b ? -1 : a == b ? 0 : 1
  }
}

private func floatingOrder<Element: BinaryFloatingPoint & BitwiseCopyable & Sendable>(
  _ element: Element.Type
) -> ValueOrder {
  { left, right in
    let a = left.load(as: Element.self)
    let b = right.load(as: Element.self)
    if a < b { return -1 }
    if a > b { return 1 }
    return (a.isNaN ? 1 : 0) - (b.isNaN ? 1 : 0)
  }
}
