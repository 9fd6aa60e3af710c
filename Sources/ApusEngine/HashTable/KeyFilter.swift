import ApusValues
import ApusVectors

/// The keys of a join's build side, as a scan holds the values of one column against them.
enum KeyFilter: Sendable {
  /// Of integers that lie close together: exact.
  case bitmap(KeyBitmap)
  /// Of all others: lets a few values through that are no keys.
  case bloom(KeyBloomFilter)
}

/// One worker's test of a column against keys.
final class KeyFilterProbe {
  private let filter: KeyFilter
  private let encoder: KeyEncoder?
  private var flags: [UInt8] = []
  /// The dictionary whose entries were tested last, and which of them may be keys.
  private var dictionary: VectorStorage?
  private var entryFlags: [UInt8] = []

  /// - Parameter type: of the column.
  init(_ filter: KeyFilter, type: SQLType) {
    self.filter = filter
    switch filter {
    case .bitmap: encoder = nil
    case .bloom: encoder = KeyEncoder(KeyLayout([type], hasNullBits: false))
    }
  }

  /// Returns those of the selected rows whose value may be among the keys.
  ///
  /// - Parameter vector: of as many rows as the selection is of.
  func intersection(_ selection: Selection, _ vector: ColumnVector) -> Selection {
    switch filter {
    case .bitmap(let bitmap): return bitmap.intersection(selection, vector)
    case .bloom(let bloom):
      if vector.encoding == .dictionary, vector.storage.count <= selection.count * 4 {
        return intersection(selection, entriesOf: vector, bloom)
      }
      guard let indices = selection.indices else {
        test(vector, bloom, into: &flags)
        return keep(selection) { $0 }
      }
      let selected = indices.withUnsafeBufferPointer { vector.gather($0) }
      test(selected, bloom, into: &flags)
      var position = -1
      return keep(selection) { _ in
        position += 1
        return position
      }
    }
  }

  /// Tests each entry of a dictionary once.
  private func intersection(
    _ selection: Selection,
    entriesOf vector: ColumnVector,
    _ bloom: KeyBloomFilter
  ) -> Selection {
    if dictionary !== vector.storage {
      test(vector.dictionary, bloom, into: &entryFlags)
      dictionary = vector.storage
    }
    guard let indices = vector.indices else { return selection }
    return withExtendedLifetime(vector) {
      swap(&flags, &entryFlags)
      defer { swap(&flags, &entryFlags) }
      return keep(selection) { Int(indices[$0]) }
    }
  }

  /// Tests all rows of a vector; a NULL is no key.
  private func test(_ vector: ColumnVector, _ bloom: KeyBloomFilter, into flags: inout [UInt8]) {
    guard let encoder else { return }
    encoder.encode([vector], rowCount: vector.count)
    flags = [UInt8](unsafeUninitializedCapacity: vector.count) { output, count in
      count = vector.count
      guard let base = output.baseAddress else { return }
      bloom.test(encoder.hashes, count: count, into: base)
      if encoder.mayHaveNulls {
        for row in 0..<count where encoder.nullFlags[row] != 0 { base[row] = 0 }
      }
    }
  }

  /// Keeps the rows whose flag is set.
  ///
  /// - Parameter place: of a row's flag, asked for in ascending order of rows.
  @inline(__always)
  private func keep(_ selection: Selection, place: (Int) -> Int) -> Selection {
    let kept = [Int32](unsafeUninitializedCapacity: selection.count) { output, keptCount in
      var position = 0
      flags.withUnsafeBufferPointer { flags in
        selection.visitRows { row in
          output[position] = Int32(truncatingIfNeeded: row)
          position += Int(flags[place(row)])
        }
      }
      keptCount = position
    }
    if kept.count == selection.count { return selection }
    return Selection(rowCount: selection.rowCount, indices: kept)
  }
}
