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

/// The range of keys that are single integers, which encoded are one word each with zeros above.
struct IntegerRange: Sendable {
  /// Bits of the key's type.
  let width: Int
  private(set) var lower = Int64.max
  private(set) var upper = Int64.min

  /// Nil if keys of the layout are not single integers.
  init?(_ layout: KeyLayout) {
    guard layout.columns.count == 1, !layout.hasNullBits else { return nil }
    switch layout.columns[0].type.physicalType {
    case .int8: width = 8
    case .int16: width = 16
    case .int32: width = 32
    case .int64: width = 64
    case .boolean, .int128, .float32, .float64, .string: return nil
    }
  }

  var isEmpty: Bool { lower > upper }

  @inline(__always)
  mutating func add(_ word: UInt64) {
    let shift = Int64(64 - width)
    let value = (Int64(bitPattern: word) << shift) >> shift
    lower = min(lower, value)
    upper = max(upper, value)
  }

  mutating func add(_ words: UnsafePointer<UInt64>, count: Int) {
    var range = self
    for row in 0..<count { range.add(words[row]) }
    self = range
  }

  mutating func add(_ other: IntegerRange) {
    lower = min(lower, other.lower)
    upper = max(upper, other.upper)
  }

  /// The number of integers in the range; nil if it has none or more than an Int counts.
  var count: Int? {
    guard !isEmpty else { return nil }
    let (distance, overflow) = upper.subtractingReportingOverflow(lower)
    return overflow || distance == .max ? nil : Int(distance) + 1
  }
}
