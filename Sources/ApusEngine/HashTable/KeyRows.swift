import ApusValues
import ApusVectors

/// Encoded keys in memory that grows, each with its hash.
///
/// Safety: `rows` and `hashes` are valid for `count` rows until the next append; views in them point
/// into `heap`. Read by several workers only when it is complete.
final class KeyRows {
  let layout: KeyLayout
  private(set) var count = 0
  private(set) var rows: UnsafeMutableRawPointer
  private(set) var hashes: UnsafeMutablePointer<UInt64>
  private var rowMemory = GrowableMemory(byteCount: 8)
  private var hashMemory = GrowableMemory(byteCount: 8)
  private var capacity = 0
  private let heap = StringHeap(blockSize: 256 * 1024)

  init(_ layout: KeyLayout) {
    self.layout = layout
    rows = rowMemory.base
    hashes = hashMemory.elements(as: UInt64.self)
  }

  /// Bytes held.
  var byteCount: Int { rowMemory.byteCount + hashMemory.byteCount + heap.byteCount }

  /// The bytes that room for as many rows more takes besides.
  func growth(by additional: Int) -> Int {
    let needed = count + additional
    guard needed > capacity else { return 0 }
    return (max(needed, capacity * 2) - capacity) * (layout.byteCount + 8)
  }

  /// Makes room, so that as many rows more can be appended without memory moving.
  func reserve(_ additional: Int) {
    let needed = count + additional
    guard needed > capacity else { return }
    let newCapacity = max(needed, capacity * 2)
    rowMemory.grow(to: newCapacity * layout.byteCount)
    hashMemory.grow(to: newCapacity * 8)
    rows = rowMemory.base
    hashes = hashMemory.elements(as: UInt64.self)
    capacity = newCapacity
  }

  /// Copies a row, its strings included, to the end; there must be room.
  @inline(__always)
  func append(_ row: UnsafeRawPointer, hash: UInt64) {
    let target = rows + count * layout.byteCount
    let from = row.assumingMemoryBound(to: UInt64.self)
    let to = target.assumingMemoryBound(to: UInt64.self)
    for word in 0..<layout.wordCount { to[word] = from[word] }
    if layout.stringCount > 0 { internStrings(target) }
    hashes[count] = hash
    count += 1
  }

  private func internStrings(_ row: UnsafeMutableRawPointer) {
    let views = row.assumingMemoryBound(to: StringView.self)
    for index in 0..<layout.stringCount { views[index] = heap.store(views[index]) }
  }

  /// Whether two rows of this layout hold the same key.
  @inline(__always)
  static func isEqual(
    _ left: UnsafeRawPointer,
    _ right: UnsafeRawPointer,
    wordCount: Int,
    stringCount: Int
  ) -> Bool {
    let left = left.assumingMemoryBound(to: UInt64.self)
    let right = right.assumingMemoryBound(to: UInt64.self)
    var word = stringCount * 2
    while word < wordCount {
      if left[word] != right[word] { return false }
      word += 1
    }
    word = 0
    while word < stringCount * 2 {
      let leftView = StringView(low: left[word], high: left[word + 1])
      let rightView = StringView(low: right[word], high: right[word + 1])
      guard leftView == rightView else { return false }
      word += 2
    }
    return true
  }

  /// Returns the value of a 32-bit integer column without NULLs.
  @inline(__always)
  func integer(row: Int, column: Int) -> Int32 {
    rows.load(
      fromByteOffset: row * layout.byteCount + layout.columns[column].offset,
      as: Int32.self
    )
  }

  /// Returns a column of the rows `range` as a vector.
  func column(_ index: Int, _ range: Range<Int>) -> ColumnVector {
    let column = layout.columns[index]
    let builder = VectorBuilder(type: column.type, capacity: range.count)
    switch column.type.physicalType {
    case .boolean, .int8: copy(column, range, builder, as: UInt8.self)
    case .int16: copy(column, range, builder, as: UInt16.self)
    case .int32, .float32: copy(column, range, builder, as: UInt32.self)
    case .int64, .float64: copy(column, range, builder, as: UInt64.self)
    case .int128, .string: copy(column, range, builder, as: StringView.self)
    }
    if layout.hasNullBits { copyValidity(column, range, builder) }
    if column.type.physicalType == .string { builder.retain(heaps: heap.blocks) }
    return builder.finish(count: range.count)
  }

  private func copy<Element: BitwiseCopyable>(
    _ column: KeyLayout.Column,
    _ range: Range<Int>,
    _ builder: VectorBuilder,
    as element: Element.Type
  ) {
    let output = builder.values(as: Element.self)
    let source = rows + range.lowerBound * layout.byteCount + column.offset
    for row in 0..<range.count {
      output[row] =
        (source + row * layout.byteCount).assumingMemoryBound(to: Element.self).pointee
    }
  }

  private func copyValidity(
    _ column: KeyLayout.Column,
    _ range: Range<Int>,
    _ builder: VectorBuilder
  ) {
    let source = rows + range.lowerBound * layout.byteCount + column.nullByte
    var validity: UnsafeMutablePointer<UInt8>?
    for row in 0..<range.count {
      let bits = source.load(fromByteOffset: row * layout.byteCount, as: UInt8.self)
      guard bits & column.nullBit != 0 else { continue }
      let output = validity ?? builder.makeValidity()
      validity = output
      output[row] = 0
    }
  }
}
