import ApusValues
import ApusVectors

/// The values of a dictionary page, as they stand in vectors.
///
/// One entry more than the page has is a NULL, for rows without a value.
final class ColumnDictionary {
  let count: Int
  let values: VectorBuffer
  /// The entries of the page.
  let storage: VectorStorage
  private let physicalType: PhysicalType
  private var nullable: VectorStorage?

  init(physicalType: PhysicalType, count: Int, values: VectorBuffer, heaps: [VectorBuffer]) {
    self.physicalType = physicalType
    self.count = count
    self.values = values
    storage = VectorStorage(
      physicalType: physicalType,
      count: count,
      values: values,
      validity: nil,
      heaps: heaps
    )
  }

  /// Whether any of the values is an entry.
  ///
  /// - Parameter wanted: of the column's type.
  func containsAny(of wanted: [Value], type: SQLType) -> Bool {
    let targets = wanted.map { ColumnVector.constant($0, type: type, count: 1) }
    defer { withExtendedLifetime(targets) {} }
    switch physicalType {
    case .boolean, .int8: return containsAny(of: targets, UInt8.self, ==)
    case .int16: return containsAny(of: targets, UInt16.self, ==)
    case .int32: return containsAny(of: targets, UInt32.self, ==)
    case .int64: return containsAny(of: targets, UInt64.self, ==)
    case .int128: return containsAny(of: targets, UInt128.self, ==)
    case .float32: return containsAny(of: targets, Float.self, ==)
    case .float64: return containsAny(of: targets, Double.self, ==)
    case .string: return containsAny(of: targets, StringView.self, ==)
    }
  }

  private func containsAny<Element: BitwiseCopyable>(
    of targets: [ColumnVector],
    _ element: Element.Type,
    _ areEqual: (Element, Element) -> Bool
  ) -> Bool {
    let entries = UnsafeBufferPointer(
      start: values.base.assumingMemoryBound(to: Element.self),
      count: count
    )
    return targets.contains { target in
      let value = target.values(as: Element.self)[0]
      return entries.contains { areEqual($0, value) }
    }
  }

  /// The entries of the page and a NULL at `count`.
  var storageWithNull: VectorStorage {
    if let nullable { return nullable }
    let validity = VectorBuffer(byteCount: count + 1)
    let bytes = validity.base.initializeMemory(as: UInt8.self, repeating: 1, count: count + 1)
    bytes[count] = 0
    let storage = VectorStorage(
      physicalType: physicalType,
      count: count + 1,
      values: values,
      validity: validity,
      heaps: self.storage.heaps
    )
    nullable = storage
    return storage
  }
}
