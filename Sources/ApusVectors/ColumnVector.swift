public import ApusValues

// A column of values in memory.
//
// A vector has `count` rows of one type in one of three encodings. All three stand on a storage, an
// array of values with a byte of validity each:
//
//   flat         values 7 8 9 9 8                       row i is value i
//   constant     values 7                               every row is value 0
//   dictionary   values "EWR" "JFK" NULL, indices 0 1 1 2 0   row i is value indices[i]
//
// A slice shares its storage and starts at an offset, so that a decoded row group is handed out in
// batches without copying. A NULL is a validity of 0; its value is defined memory but means nothing
// (an empty view for strings). A storage without NULLs has no validity at all. A dictionary vector
// takes its NULLs from its dictionary.
//
// Safety: pointers are valid while the vector is alive. A callee may use those of its parameters; a
// local vector needs `withExtendedLifetime`.

/// An array of values with their validity and the heaps that their views point into.
public final class VectorStorage: @unchecked Sendable {
  public let physicalType: PhysicalType
  /// The number of values.
  public let count: Int
  public let values: VectorBuffer
  /// One byte per value: 1 valid, 0 NULL. No buffer means no NULLs.
  public let validity: VectorBuffer?
  /// What string views point into.
  public let heaps: [VectorBuffer]

  public init(
    physicalType: PhysicalType,
    count: Int,
    values: VectorBuffer,
    validity: VectorBuffer?,
    heaps: [VectorBuffer]
  ) {
    self.physicalType = physicalType
    self.count = count
    self.values = values
    self.validity = validity
    self.heaps = heaps
  }
}

/// A column of `count` values of one type; see the picture above.
public struct ColumnVector: Sendable {
  /// How rows find their values.
  public enum Encoding: Sendable {
    case flat
    case constant
    /// Row `i` is the value at `indices[i]`, an Int32 within the storage's count.
    case dictionary
  }

  public let type: SQLType
  public let count: Int
  public let encoding: Encoding
  public let storage: VectorStorage
  /// The Int32 indices of a dictionary vector.
  public let indexBuffer: VectorBuffer?
  /// The first row's position in the values (flat) or in the indices (dictionary).
  public let offset: Int

  public init(
    type: SQLType,
    count: Int,
    encoding: Encoding,
    storage: VectorStorage,
    indexBuffer: VectorBuffer? = nil,
    offset: Int = 0
  ) {
    self.type = type
    self.count = count
    self.encoding = encoding
    self.storage = storage
    self.indexBuffer = indexBuffer
    self.offset = offset
  }

  /// A flat vector over all values of a storage.
  public init(type: SQLType, storage: VectorStorage) {
    self.init(type: type, count: storage.count, encoding: .flat, storage: storage)
  }

  /// The values of a flat vector from its first row, or the single one of a constant.
  @inlinable
  public func values<Element>(as element: Element.Type) -> UnsafePointer<Element> {
    let base = UnsafePointer(storage.values.base.assumingMemoryBound(to: Element.self))
    return encoding == .flat ? base + offset : base
  }

  /// The validity of a flat vector from its first row, or of a constant; nil without NULLs.
  @inlinable
  public var validity: UnsafePointer<UInt8>? {
    guard let validity = storage.validity else { return nil }
    let base = UnsafePointer(validity.base.assumingMemoryBound(to: UInt8.self))
    return encoding == .flat ? base + offset : base
  }

  /// The indices of a dictionary vector from its first row.
  @inlinable
  public var indices: UnsafePointer<Int32>? {
    guard let indexBuffer else { return nil }
    return UnsafePointer(indexBuffer.base.assumingMemoryBound(to: Int32.self)) + offset
  }

  /// The values that a dictionary vector's indices point to, as a flat vector.
  public var dictionary: ColumnVector { ColumnVector(type: type, storage: storage) }

  /// Whether any value, used or not, may be NULL.
  @inlinable
  public var mayHaveNulls: Bool { storage.validity != nil }

  /// The position in the storage of the value of `row`.
  @inlinable
  public func storageIndex(_ row: Int) -> Int {
    switch encoding {
    case .flat: offset + row
    case .constant: 0
    case .dictionary: Int(indices.unsafelyUnwrapped[row])
    }
  }

  @inlinable
  public func isNull(_ row: Int) -> Bool {
    guard let validity = storage.validity else { return false }
    return validity.base.load(fromByteOffset: storageIndex(row), as: UInt8.self) == 0
  }

  /// Returns the rows `range` without copying.
  public func slice(_ range: Range<Int>) -> ColumnVector {
    ColumnVector(
      type: type,
      count: range.count,
      encoding: encoding,
      storage: storage,
      indexBuffer: indexBuffer,
      offset: encoding == .constant ? 0 : offset + range.lowerBound
    )
  }

  /// Returns the same values under another type of the same physical type.
  public func retyped(_ type: SQLType) -> ColumnVector {
    ColumnVector(
      type: type,
      count: count,
      encoding: encoding,
      storage: storage,
      indexBuffer: indexBuffer,
      offset: offset
    )
  }
}
