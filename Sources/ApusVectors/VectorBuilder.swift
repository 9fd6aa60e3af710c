public import ApusValues

/// Makes a flat vector of a known capacity: kernels write through its pointers, others by value.
///
/// Values start undefined except strings, which start empty; validity starts valid.
///
/// Safety: the pointers are valid until `finish`.
public final class VectorBuilder {
  public let type: SQLType
  public let capacity: Int
  private let valueBuffer: VectorBuffer
  private var validityBuffer: VectorBuffer?
  private var ownHeap: StringHeap?
  private var borrowedHeaps: [VectorBuffer] = []

  public init(type: SQLType, capacity: Int) {
    self.type = type
    self.capacity = capacity
    let byteCount = capacity * type.physicalType.stride
    valueBuffer = VectorBuffer(byteCount: byteCount)
    if type.physicalType == .string {
      valueBuffer.base.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    }
  }

  /// The memory of the values, `capacity` of them.
  @inlinable
  public func values<Element>(as element: Element.Type) -> UnsafeMutablePointer<Element> {
    rawValues.assumingMemoryBound(to: Element.self)
  }

  /// The memory of the values.
  public var rawValues: UnsafeMutableRawPointer { valueBuffer.base }

  /// The validity bytes, all valid when first asked for.
  public func makeValidity() -> UnsafeMutablePointer<UInt8> {
    if let validityBuffer { return validityBuffer.base.assumingMemoryBound(to: UInt8.self) }
    let buffer = VectorBuffer(byteCount: capacity)
    validityBuffer = buffer
    return buffer.base.initializeMemory(as: UInt8.self, repeating: 1, count: capacity)
  }

  /// The validity bytes if there are any yet.
  public var validity: UnsafeMutablePointer<UInt8>? {
    validityBuffer?.base.assumingMemoryBound(to: UInt8.self)
  }

  /// Marks a row as NULL and gives its value defined memory.
  public func setNull(_ row: Int) {
    makeValidity()[row] = 0
    let stride = type.physicalType.stride
    (rawValues + row * stride).initializeMemory(as: UInt8.self, repeating: 0, count: stride)
  }

  /// The heap that strings longer than a view are copied to.
  public var heap: StringHeap {
    if let ownHeap { return ownHeap }
    let heap = StringHeap()
    ownHeap = heap
    return heap
  }

  /// Keeps heaps alive that views written here point into.
  public func retain(heaps: [VectorBuffer]) {
    if borrowedHeaps.isEmpty {
      borrowedHeaps = heaps
      return
    }
    for heap in heaps where !borrowedHeaps.contains(where: { $0 === heap }) {
      borrowedHeaps.append(heap)
    }
  }

  /// Sets a row to the bytes, copying them.
  public func setString(_ row: Int, _ bytes: UnsafeRawBufferPointer) {
    values(as: StringView.self)[row] = heap.store(bytes)
  }

  /// Sets a row to the text, copying it.
  public func setString(_ row: Int, _ text: String) {
    values(as: StringView.self)[row] = heap.store(text)
  }

  /// Sets a row to a value of this builder's type; for literals and small results.
  public func set(_ row: Int, _ value: Value) {
    switch value {
    case .null: setNull(row)
    case .boolean(let value): values(as: UInt8.self)[row] = value ? 1 : 0
    case .real(let value): values(as: Float.self)[row] = value
    case .double(let value): values(as: Double.self)[row] = value
    case .text(let value): setString(row, value)
    case .binary(let bytes): bytes.withUnsafeBytes { setString(row, $0) }
    case .integer(let value): setInteger(row, Int128(value))
    case .wide(let value): setInteger(row, value)
    case .zoned(let time): setInteger(row, time.packed)
    case .array, .map, .row:
      value.encoded(as: type).withUnsafeBytes { setString(row, $0) }
    }
  }

  private func setInteger(_ row: Int, _ value: Int128) {
    switch type.physicalType {
    case .int8: values(as: Int8.self)[row] = Int8(truncatingIfNeeded: value)
    case .int16: values(as: Int16.self)[row] = Int16(truncatingIfNeeded: value)
    case .int32: values(as: Int32.self)[row] = Int32(truncatingIfNeeded: value)
    case .int64: values(as: Int64.self)[row] = Int64(truncatingIfNeeded: value)
    case .int128: values(as: Int128.self)[row] = value
    case .boolean, .float32, .float64, .string:
      preconditionFailure("an integer value for a vector of \(type)")
    }
  }

  /// Returns the first `count` rows as a flat vector; the builder must not be written to again.
  public func finish(count: Int) -> ColumnVector {
    var heaps = borrowedHeaps
    if let ownHeap { heaps.append(contentsOf: ownHeap.blocks) }
    let storage = VectorStorage(
      physicalType: type.physicalType,
      count: count,
      values: valueBuffer,
      validity: validityBuffer,
      heaps: heaps
    )
    return ColumnVector(type: type, storage: storage)
  }
}

extension ColumnVector {
  /// Returns `count` rows of one value.
  public static func constant(_ value: Value, type: SQLType, count: Int) -> ColumnVector {
    let builder = VectorBuilder(type: type, capacity: 1)
    builder.set(0, value)
    return ColumnVector(
      type: type,
      count: count,
      encoding: .constant,
      storage: builder.finish(count: 1).storage
    )
  }

  /// Returns one row as a value; for results and tests, not for kernels.
  public func value(_ row: Int) -> Value {
    if isNull(row) { return .null }
    let index = storageIndex(row)
    let physicalType = type.physicalType
    let pointer = UnsafeRawPointer(storage.values.base) + index * physicalType.stride
    if physicalType != .string { return Value(fixed: pointer, as: type) }
    return pointer.load(as: StringView.self).withBytes { Value(encoded: $0, as: type) }
  }
}
