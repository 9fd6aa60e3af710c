import ApusValues
import ApusVectors
import Glibc

/// Writes the key columns of batches as rows of a layout, with their hashes.
///
/// Safety: `rows` and `hashes` are valid until the next `encode`, and the views in `rows` as long as
/// the vectors they came from. Every write is to a row below `capacity` at an offset of the layout.
final class KeyEncoder {
  let layout: KeyLayout
  /// The encoded rows, `layout.byteCount` bytes each.
  private(set) var rows: UnsafeMutableRawPointer
  private(set) var hashes: UnsafeMutablePointer<UInt64>
  /// For each row whether any of its columns is NULL; only without NULL bits, only after a batch
  /// for which `mayHaveNulls`.
  private(set) var nullFlags: UnsafeMutablePointer<UInt8>
  /// Whether the last batch may have NULLs among its keys.
  private(set) var mayHaveNulls = false
  private var capacity = 0
  private let hasNested: Bool
  /// The vectors that were made for this batch and that views in `rows` point into.
  private var nestedKeys: [ColumnVector] = []

  init(_ layout: KeyLayout) {
    self.layout = layout
    hasNested = layout.columns.contains { $0.type.isNested }
    rows = .allocate(byteCount: 8, alignment: 8)
    hashes = .allocate(capacity: 1)
    nullFlags = .allocate(capacity: 1)
  }

  deinit {
    rows.deallocate()
    hashes.deallocate()
    nullFlags.deallocate()
  }

  /// Encodes and hashes `rowCount` rows.
  ///
  /// - Parameters:
  ///   - vectors: one per column of the layout, of its physical type, in any encoding.
  ///   - hashes: whether hashes are wanted.
  func encode(_ vectors: [ColumnVector], rowCount: Int, hashes wantsHashes: Bool = true) {
    reserve(rowCount)
    memset(rows, 0, rowCount * layout.byteCount)
    var vectors = vectors
    if hasNested {
      for (index, column) in layout.columns.enumerated() where column.type.isNested {
        vectors[index] = vectors[index].nestedKeys(areEqual: !layout.hasNullBits)
      }
      nestedKeys = vectors
    }
    mayHaveNulls = vectors.contains { $0.mayHaveNulls }
    if mayHaveNulls, !layout.hasNullBits { memset(nullFlags, 0, rowCount) }
    for (vector, column) in zip(vectors, layout.columns) {
      withExtendedLifetime(vector) { write(vector, column, rowCount) }
    }
    if wantsHashes { layout.hash(rows, rowCount, into: hashes) }
  }

  private func reserve(_ rowCount: Int) {
    guard rowCount > capacity else { return }
    rows.deallocate()
    hashes.deallocate()
    nullFlags.deallocate()
    capacity = rowCount
    rows = .allocate(byteCount: rowCount * layout.byteCount, alignment: 16)
    hashes = .allocate(capacity: rowCount)
    nullFlags = .allocate(capacity: rowCount)
  }

  private func write(_ vector: ColumnVector, _ column: KeyLayout.Column, _ rowCount: Int) {
    switch column.type.physicalType {
    case .boolean, .int8: write(vector, column, rowCount, as: UInt8.self) { $0 }
    case .int16: write(vector, column, rowCount, as: UInt16.self) { $0 }
    case .int32: write(vector, column, rowCount, as: UInt32.self) { $0 }
    case .int64: write(vector, column, rowCount, as: UInt64.self) { $0 }
    // Two words each; a row need not be aligned to 16 bytes.
    case .int128, .string: write(vector, column, rowCount, as: StringView.self) { $0 }
    case .float32:
      write(vector, column, rowCount, as: Float.self) { $0 == 0 ? 0 : ($0.isNaN ? .nan : $0) }
    case .float64:
      write(vector, column, rowCount, as: Double.self) { $0 == 0 ? 0 : ($0.isNaN ? .nan : $0) }
    }
  }

  @inline(__always)
  private func write<Element: BitwiseCopyable>(
    _ vector: ColumnVector,
    _ column: KeyLayout.Column,
    _ rowCount: Int,
    as element: Element.Type,
    canonical: (Element) -> Element
  ) {
    let stride = layout.byteCount
    let target = rows + column.offset
    let values = vector.values(as: Element.self)
    if vector.validity != nil {
      writeWithNulls(vector, column, rowCount, as: element, canonical: canonical)
      return
    }
    switch vector.encoding {
    case .flat:
      for row in 0..<rowCount {
        (target + row * stride).assumingMemoryBound(to: Element.self).pointee = canonical(
          values[row]
        )
      }
    case .constant:
      let value = canonical(values.pointee)
      for row in 0..<rowCount {
        (target + row * stride).assumingMemoryBound(to: Element.self).pointee = value
      }
    case .dictionary:
      guard let indices = vector.indices else { return }
      for row in 0..<rowCount {
        (target + row * stride).assumingMemoryBound(to: Element.self).pointee = canonical(
          values[Int(indices[row])]
        )
      }
    }
  }

  @inline(__always)
  private func writeWithNulls<Element: BitwiseCopyable>(
    _ vector: ColumnVector,
    _ column: KeyLayout.Column,
    _ rowCount: Int,
    as element: Element.Type,
    canonical: (Element) -> Element
  ) {
    guard let validity = vector.validity else { return }
    let stride = layout.byteCount
    let values = vector.values(as: Element.self)
    let isConstant = vector.encoding == .constant
    let indices = vector.encoding == .dictionary ? vector.indices : nil
    for row in 0..<rowCount {
      let position = isConstant ? 0 : (indices.map { Int($0[row]) } ?? row)
      let start = rows + row * stride
      if validity[position] != 0 {
        (start + column.offset).assumingMemoryBound(to: Element.self).pointee = canonical(
          values[position]
        )
      } else if layout.hasNullBits {
        start.assumingMemoryBound(to: UInt8.self)[column.nullByte] |= column.nullBit
      } else {
        nullFlags[row] = 1
      }
    }
  }
}
