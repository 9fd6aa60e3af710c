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
    try reservation.resize(to: keys.byteCount + isFindable.count)
  }
}
