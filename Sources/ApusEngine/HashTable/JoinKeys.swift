import ApusValues
import ApusVectors

/// Keys of build rows that one worker has collected.
final class JoinKeys {
  let keys: KeyRows
  /// 1 for rows that may be found, 0 for those with a NULL in their key.
  private(set) var isFindable: [UInt8] = []
  /// The least and the greatest key that may be found, if keys are single integers.
  private(set) var integers: IntegerRange?
  let reservation: Reservation

  init(_ layout: KeyLayout, memory: MemoryPool) {
    keys = KeyRows(layout)
    integers = IntegerRange(layout)
    reservation = Reservation(memory)
  }

  /// Appends the rows that an encoder holds.
  func append(_ encoder: KeyEncoder, rowCount: Int) throws(SQLError) {
    keep(encoder, rowCount: rowCount)
    try reservation.resize(to: keys.byteCount + isFindable.count)
  }

  /// Appends the rows that an encoder holds and that can be spilled.
  ///
  /// - Returns: false if what is kept should be, this included.
  func offer(_ encoder: KeyEncoder, rowCount: Int) -> Bool {
    let growth = keys.growth(by: rowCount) + rowCount
    let fits = reservation.offer(keys.byteCount + isFindable.count + growth)
    keep(encoder, rowCount: rowCount)
    if !fits { reservation.force(to: keys.byteCount + isFindable.count) }
    return fits
  }

  private func keep(_ encoder: KeyEncoder, rowCount: Int) {
    keys.reserve(rowCount)
    for row in 0..<rowCount {
      keys.append(encoder.rows + row * keys.layout.byteCount, hash: encoder.hashes[row])
    }
    let words = encoder.rows.assumingMemoryBound(to: UInt64.self)
    if encoder.mayHaveNulls {
      for row in 0..<rowCount {
        let isKnown = encoder.nullFlags[row] == 0
        isFindable.append(isKnown ? 1 : 0)
        if isKnown { integers?.add(words[row]) }
      }
    } else {
      isFindable.append(contentsOf: repeatElement(1, count: rowCount))
      integers?.add(words, count: rowCount)
    }
  }

  /// The key columns of rows; those of rows that cannot be found are NULL.
  func columns(_ range: Range<Int>) -> [ColumnVector] {
    let columns = keys.layout.columns.indices.map { keys.column($0, range) }
    guard isFindable[range].contains(0) else { return columns }
    let validity = VectorBuffer(byteCount: range.count)
    for (position, flag) in isFindable[range].enumerated() {
      validity.base.storeBytes(of: flag, toByteOffset: position, as: UInt8.self)
    }
    return columns.map { column in
      ColumnVector(
        type: column.type,
        storage: VectorStorage(
          physicalType: column.storage.physicalType,
          count: range.count,
          values: column.storage.values,
          validity: validity,
          heaps: column.storage.heaps
        )
      )
    }
  }
}
