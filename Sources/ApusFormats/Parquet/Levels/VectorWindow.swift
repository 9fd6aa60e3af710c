import ApusValues
import ApusVectors

/// The rows of one column that are being read, before they are a vector.
///
/// Text whose pages all have a dictionary is kept as indices; any other page makes it flat.
///
/// Safety: pointers are to `capacity` elements and valid until `finish`.
struct VectorWindow {
  let type: SQLType
  let capacity: Int
  let stride: Int
  /// Values, or indices while `isIndices`.
  private(set) var buffer: VectorBuffer
  private(set) var isIndices: Bool
  private(set) var hasNulls = false
  private var validityBuffer: VectorBuffer?
  private var heaps: [VectorBuffer] = []
  private var ownHeap: StringHeap?

  init(type: SQLType, capacity: Int, isIndices: Bool) {
    self.type = type
    self.capacity = capacity
    self.isIndices = isIndices
    stride = type.physicalType.stride
    buffer = VectorBuffer(byteCount: capacity * (isIndices ? 4 : stride))
  }

  /// The memory of the value at `row`.
  func values(at row: Int) -> UnsafeMutableRawPointer { buffer.base + row * stride }

  /// The memory of the index at `row`.
  func indices(at row: Int) -> UnsafeMutablePointer<UInt32> {
    buffer.base.assumingMemoryBound(to: UInt32.self) + row
  }

  /// The validity of the rows from `row` on; all are valid when first asked for.
  mutating func validity(at row: Int) -> UnsafeMutablePointer<UInt8> {
    if let validityBuffer { return validityBuffer.base.assumingMemoryBound(to: UInt8.self) + row }
    let buffer = VectorBuffer(byteCount: capacity)
    validityBuffer = buffer
    return buffer.base.initializeMemory(as: UInt8.self, repeating: 1, count: capacity) + row
  }

  mutating func noteNulls() { hasNulls = true }

  /// Keeps memory that views point into.
  mutating func retain(_ heap: VectorBuffer) {
    if heaps.last !== heap { heaps.append(heap) }
  }

  mutating func retain(heapsOf dictionary: ColumnDictionary) {
    for heap in dictionary.storage.heaps { retain(heap) }
  }

  /// The heap of text that reading makes.
  mutating func heap() -> StringHeap {
    if let ownHeap { return ownHeap }
    let heap = StringHeap()
    ownHeap = heap
    return heap
  }

  /// Replaces the indices of the first `count` rows by the views they point to.
  mutating func makeFlat(_ dictionary: ColumnDictionary?, count: Int) {
    guard isIndices else { return }
    let indices = buffer
    buffer = VectorBuffer(byteCount: capacity * stride)
    isIndices = false
    guard let dictionary, count > 0 else { return }
    let source = dictionary.values.base.assumingMemoryBound(to: StringView.self)
    let target = buffer.base.assumingMemoryBound(to: StringView.self)
    withExtendedLifetime(indices) {
      let rows = indices.base.assumingMemoryBound(to: UInt32.self)
      for row in 0..<count { target[row] = source[Int(rows[row])] }
    }
    retain(heapsOf: dictionary)
  }

  /// Returns all rows as a vector.
  mutating func finish(_ dictionary: ColumnDictionary?) -> ColumnVector {
    if isIndices, let dictionary {
      return ColumnVector(
        type: type,
        count: capacity,
        encoding: .dictionary,
        storage: hasNulls ? dictionary.storageWithNull : dictionary.storage,
        indexBuffer: buffer
      )
    }
    if let ownHeap { heaps.append(contentsOf: ownHeap.blocks) }
    let storage = VectorStorage(
      physicalType: type.physicalType,
      count: capacity,
      values: buffer,
      validity: hasNulls ? validityBuffer : nil,
      heaps: heaps
    )
    return ColumnVector(type: type, storage: storage)
  }
}
