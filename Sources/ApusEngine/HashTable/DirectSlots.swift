import ApusVectors

// Groups by an integer of a range, such as identities:
//
//   key        100   101   102   103   104        NULL
//   group + 1 [ 3  |  0  |  1  |  0  |  2  ]       4         0 is none
//
// Nothing is hashed and nothing compared. Rows mostly come in the order of such keys, and then the
// slots are read in order, too.

/// A slot for each integer of a range that grows with the keys.
///
/// Safety: `groups` is only called with keys of a range that `cover` has accepted.
struct DirectSlots: ~Copyable {
  /// What is asked for; the slots reach further.
  private(set) var range: IntegerRange
  private var lower: Int64
  private var count: Int
  private var memory: GrowableMemory
  private var nullGroup: Int32 = 0

  /// Slots per group up to which they take no more room than a hash table's.
  private static let slotsPerGroup = 8

  /// Whether so many groups fill a range well enough.
  static func areDense(_ range: IntegerRange, groupCount: Int) -> Bool {
    guard let count = range.count else { return false }
    return count / slotsPerGroup <= groupCount
  }

  /// - Parameter range: is not empty.
  init?(_ range: IntegerRange) {
    guard let count = range.count else { return nil }
    self.range = range
    lower = range.lower
    self.count = count
    memory = GrowableMemory(byteCount: count * 4, isZeroed: true)
  }

  var byteCount: Int { memory.byteCount }

  /// Makes slots for more integers, and for some beyond, in the direction in which the range grows.
  ///
  /// - Returns: whether that could be done; if not, nothing has changed.
  mutating func cover(_ other: IntegerRange, groupCount: Int) -> Bool {
    if other.isEmpty || (other.lower >= range.lower && other.upper <= range.upper) { return true }
    var wanted = range
    wanted.add(other)
    guard DirectSlots.areDense(wanted, groupCount: groupCount), let wantedCount = wanted.count
    else { return false }
    let reserve = wantedCount / 2
    if wanted.lower < lower {
      let (first, overflow) = wanted.lower.subtractingReportingOverflow(Int64(reserve))
      let newLower = overflow ? wanted.lower : first
      let shift = Int(lower - newLower)
      let larger = GrowableMemory(byteCount: (shift + count) * 4, isZeroed: true)
      (larger.base + shift * 4).copyMemory(from: memory.base, byteCount: count * 4)
      memory = larger
      lower = newLower
      count += shift
    }
    let needed = Int(wanted.upper - lower) + 1
    if needed > count {
      count = needed + reserve
      memory.grow(to: count * 4)
    }
    range = wanted
    return true
  }

  /// Finds the group of each key and adds those that are new.
  ///
  /// - Parameter keys: has room for all of them.
  mutating func findOrInsert(
    rows: UnsafeRawPointer,
    hashes: UnsafePointer<UInt64>,
    rowCount: Int,
    into keys: KeyRows,
    groups: UnsafeMutablePointer<Int32>
  ) {
    switch keys.layout.wordCount {
    case 1: search(rows, hashes, rowCount, keys, groups, stride: 8)
    case let wordCount: search(rows, hashes, rowCount, keys, groups, stride: wordCount * 8)
    }
  }

  @inline(__always)
  private mutating func search(
    _ rows: UnsafeRawPointer,
    _ hashes: UnsafePointer<UInt64>,
    _ rowCount: Int,
    _ keys: KeyRows,
    _ groups: UnsafeMutablePointer<Int32>,
    stride: Int
  ) {
    let slots = memory.elements(as: Int32.self)
    let range = self.range
    let lower = self.lower
    let nullByte = keys.layout.columns[0].nullByte
    let hasNullBits = keys.layout.hasNullBits
    for row in 0..<rowCount {
      let key = rows + row * stride
      var group: Int32
      if hasNullBits, key.load(fromByteOffset: nullByte, as: UInt8.self) != 0 {
        group = nullGroup
        if group == 0 {
          keys.append(key, hash: hashes[row])
          group = Int32(truncatingIfNeeded: keys.count)
          nullGroup = group
        }
      } else {
        let slot = Int(range.value(key.load(as: UInt64.self)) &- lower)
        group = slots[slot]
        if group == 0 {
          keys.append(key, hash: hashes[row])
          group = Int32(truncatingIfNeeded: keys.count)
          slots[slot] = group
        }
      }
      groups[row] = group &- 1
    }
  }

  /// Puts in the keys that there are, numbered from 0; no two are the same.
  mutating func fill(_ keys: KeyRows) {
    let slots = memory.elements(as: Int32.self)
    let layout = keys.layout
    let nullByte = layout.columns[0].nullByte
    for row in 0..<keys.count {
      let key = UnsafeRawPointer(keys.rows) + row * layout.byteCount
      let group = Int32(truncatingIfNeeded: row + 1)
      if layout.hasNullBits, key.load(fromByteOffset: nullByte, as: UInt8.self) != 0 {
        nullGroup = group
      } else {
        slots[Int(range.value(key.load(as: UInt64.self)) &- lower)] = group
      }
    }
  }
}
