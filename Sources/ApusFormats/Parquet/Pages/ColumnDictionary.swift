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
