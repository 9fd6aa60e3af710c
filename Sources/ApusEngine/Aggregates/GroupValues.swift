import ApusValues
import ApusVectors

/// One value per group of any type, with copies of the bytes that text needs.
///
/// Bytes of replaced texts are left behind and swept away when most of the heap is such.
///
/// Safety: groups are below the count that `resize` set; views point into `heap` alone.
final class GroupValues {
  private enum Content {
    static let nothing: UInt8 = 0
    static let null: UInt8 = 1
    static let value: UInt8 = 2
  }

  let type: SQLType
  private let stride: Int
  private let isText: Bool
  private let values: StateMemory
  private let contents = StateMemory(stride: 1)
  private var heap = StringHeap()
  private var sweptByteCount = 0

  init(type: SQLType) {
    self.type = type
    stride = type.physicalType.stride
    isText = type.physicalType == .string
    values = StateMemory(stride: stride)
  }

  func resize(to count: Int) {
    values.grow(to: count)
    contents.grow(to: count)
  }

  /// Whether the group has a value yet, be it NULL.
  @inline(__always)
  func isKnown(_ group: Int) -> Bool { contents.states(as: UInt8.self)[group] != Content.nothing }

  /// The memory of the group's value.
  @inline(__always)
  func value(_ group: Int) -> UnsafeMutableRawPointer { values.base + group * stride }

  /// The bytes that the group's value takes inside an array, its place among others included.
  func encodedByteCount(_ group: Int) -> Int {
    isText ? 5 + value(group).load(as: StringView.self).count : 1 + stride
  }

  /// Sets a group to a row of a decoded vector of the type.
  func set(_ group: Int, from vector: ColumnVector, row: Int) {
    if vector.isNull(row) {
      contents.states(as: UInt8.self)[group] = Content.null
    } else {
      set(group, UnsafeRawPointer(vector.storage.values.base) + vector.storageIndex(row) * stride)
    }
  }

  /// Sets as many groups as a flat vector of the type has rows, from `first` on, to these rows.
  func set(from first: Int, to vector: ColumnVector) {
    let count = vector.count
    guard count > 0 else { return }
    defer { extendLifetime(vector) }
    let known = contents.states(as: UInt8.self) + first
    if let validity = vector.validity {
      for row in 0..<count { known[row] = validity[row] != 0 ? Content.value : Content.null }
    } else {
      known.update(repeating: Content.value, count: count)
    }
    if isText {
      let source = vector.values(as: StringView.self)
      let target = values.states(as: StringView.self) + first
      for row in 0..<count where known[row] == Content.value {
        target[row] = heap.store(source[row])
      }
    } else {
      let source = UnsafeRawPointer(vector.storage.values.base) + vector.offset * stride
      value(first).copyMemory(from: source, byteCount: count * stride)
    }
  }

  /// Sets a group to what a group of `other` has.
  func set(_ group: Int, from other: GroupValues, group otherGroup: Int) {
    let content = other.contents.states(as: UInt8.self)[otherGroup]
    if content == Content.value {
      set(group, UnsafeRawPointer(other.value(otherGroup)))
    } else {
      contents.states(as: UInt8.self)[group] = content
    }
  }

  private func set(_ group: Int, _ source: UnsafeRawPointer) {
    contents.states(as: UInt8.self)[group] = Content.value
    if isText {
      let view = heap.store(source.load(as: StringView.self))
      value(group).storeBytes(of: view, as: StringView.self)
      if heap.byteCount > 1 << 20, heap.byteCount > 4 * sweptByteCount { sweep() }
    } else {
      value(group).copyMemory(from: source, byteCount: stride)
    }
  }

  private func sweep() {
    let fresh = StringHeap()
    for group in 0..<values.count where contents.states(as: UInt8.self)[group] == Content.value {
      let view = value(group).load(as: StringView.self)
      value(group).storeBytes(of: fresh.store(view), as: StringView.self)
    }
    heap = fresh
    sweptByteCount = max(fresh.byteCount, 1 << 18)
  }

  /// Returns the values of groups as a vector; groups without one are NULL.
  func vector(_ range: Range<Int>, type result: SQLType) -> ColumnVector {
    let builder = VectorBuilder(type: result, capacity: range.count)
    builder.rawValues.copyMemory(from: value(range.lowerBound), byteCount: range.count * stride)
    for (row, group) in range.enumerated()
    where contents.states(as: UInt8.self)[group] != Content.value {
      builder.setNull(row)
    }
    // The blocks are shared; the heap never writes again where it wrote before.
    builder.retain(heaps: heap.blocks)
    return builder.finish(count: range.count)
  }

  /// Returns the values of groups, which all have one or NULL, as a flat vector.
  func vector(_ groups: ArraySlice<Int32>) -> ColumnVector {
    let builder = VectorBuilder(type: type, capacity: groups.count)
    switch stride {
    case 1: copy(groups, to: builder, as: UInt8.self)
    case 2: copy(groups, to: builder, as: UInt16.self)
    case 4: copy(groups, to: builder, as: UInt32.self)
    case 8: copy(groups, to: builder, as: UInt64.self)
    default: copy(groups, to: builder, as: UInt128.self)
    }
    let known = contents.states(as: UInt8.self)
    for (row, group) in groups.enumerated() where known[Int(group)] != Content.value {
      builder.setNull(row)
    }
    if isText { builder.retain(heaps: heap.blocks) }
    return builder.finish(count: groups.count)
  }

  @inline(__always)
  private func copy<Element: BitwiseCopyable>(
    _ groups: ArraySlice<Int32>,
    to builder: VectorBuilder,
    as element: Element.Type
  ) {
    let source = values.states(as: Element.self)
    let target = builder.values(as: Element.self)
    for (row, group) in groups.enumerated() { target[row] = source[Int(group)] }
  }

  var byteCount: Int { values.byteCount + contents.byteCount + heap.byteCount }
}
