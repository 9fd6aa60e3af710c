import ApusVectors

// Groups by an integer of a range, such as identities:
//
//   key        100   101   102   103   104        NULL
//   group + 1 [ 3  |  0  |  1  |  0  |  2  ]       4         0 is none
//
// Nothing is hashed and nothing compared. Rows mostly come in the order of such keys, and then the
// slots are read in order, too. A worker sees some stretches of the range and others not: what it
// has not touched takes addresses, but no memory. That is counted in pages of 2 MiB.

/// A slot for each integer of a range that grows with the keys.
///
/// Safety: `findOrInsert` is only called with keys that `cover` has accepted.
struct DirectSlots: ~Copyable {
  /// The range of all keys so far.
  private(set) var range: IntegerRange
  /// The integer of the first slot.
  private var lower: Int64
  private var count = 0
  private var memory = GrowableMemory(byteCount: 0, isZeroed: true)
  private var pages = IntegerPages()
  private var nullGroup: Int32 = 0

  /// Slots per group up to which they take no more room than a hash table's.
  private static let slotsPerGroup = 8
  /// Slots that may have addresses: 2 GiB of them.
  private static let greatestCount = 1 << 29

  /// Whether so many groups fill a range well enough.
  static func areDense(_ range: IntegerRange, groupCount: Int) -> Bool {
    guard let count = range.count else { return false }
    return count / slotsPerGroup <= groupCount && count <= greatestCount
  }

  private init(_ range: IntegerRange) {
    self.range = range
    lower = range.lower
  }

  /// Makes slots for the keys that there are, numbered from 0, no two of them the same.
  ///
  /// - Returns: nil if keys are not integers, or lie far apart.
  static func holding(_ keys: KeyRows) -> DirectSlots? {
    guard var range = IntegerRange(keys.layout) else { return nil }
    range.add(keys.rows, count: keys.count, keys.layout)
    var slots = DirectSlots(range)
    let isDense = slots.cover(
      range,
      of: keys.rows,
      rowCount: keys.count,
      keys.layout,
      groupCount: keys.count
    )
    guard isDense else { return nil }
    slots.fill(keys)
    return slots
  }

  /// Makes slots for some keys of a range, all of which count as touched.
  ///
  /// - Returns: nil if so many keys do not fill it well enough.
  static func expecting(_ range: IntegerRange, groupCount: Int) -> DirectSlots? {
    guard areDense(range, groupCount: groupCount), let count = range.count else { return nil }
    var slots = DirectSlots(range)
    slots.count = count
    slots.pages.insert(from: range.lower, to: range.upper)
    slots.memory = GrowableMemory(byteCount: count * 4, isZeroed: true)
    return slots
  }

  /// Bytes of what keys have touched.
  var byteCount: Int { min(memory.byteCount, pages.integerCount * 4) }

  /// Makes slots for more keys, and for some beyond, in the direction in which the range grows.
  ///
  /// - Parameters:
  ///   - other: the range of the keys that are not NULL.
  ///   - rows: the keys.
  ///   - groupCount: the groups there may be with them.
  /// - Returns: whether they lie close enough to all others; if not, nothing has changed.
  mutating func cover(
    _ other: IntegerRange,
    of rows: UnsafeRawPointer,
    rowCount: Int,
    _ layout: KeyLayout,
    groupCount: Int
  ) -> Bool {
    if other.isEmpty || pages.contains(from: other.lower, to: other.upper),
      range.contains(other)
    {
      return true
    }
    var wanted = range
    wanted.add(other)
    guard let wantedCount = wanted.count, wantedCount <= DirectSlots.greatestCount else {
      return false
    }
    func isDense(_ pages: borrowing IntegerPages) -> Bool {
      min(pages.integerCount, wantedCount) / DirectSlots.slotsPerGroup <= groupCount
    }
    var touched = pages
    touched.insert(from: other.lower, to: other.upper)
    if !isDense(touched) {
      // Perhaps there are gaps between them.
      touched = pages
      touched.insert(rows, rowCount, layout, other)
      guard isDense(touched) else { return false }
    }
    pages = touched
    makeRoom(for: wanted, wantedCount)
    range = wanted
    return true
  }

  private mutating func makeRoom(for wanted: IntegerRange, _ wantedCount: Int) {
    let isPaged = wantedCount > IntegerPages.size
    if count == 0 {
      lower = isPaged ? IntegerPages.start(of: wanted.lower) : wanted.lower
    } else if wanted.lower < lower {
      let (below, overflow) = wanted.lower.subtractingReportingOverflow(Int64(wantedCount / 2))
      let start = overflow ? wanted.lower : below
      move(to: isPaged ? IntegerPages.start(of: start) : start)
    }
    let needed = Int(wanted.upper &- lower) + 1
    guard needed > count else { return }
    count = needed + wantedCount / 2
    memory.grow(to: count * 4)
  }

  /// Makes slots for lower integers, and copies what was touched.
  private mutating func move(to newLower: Int64) {
    let newCount = count + Int(lower - newLower)
    let larger = GrowableMemory(byteCount: newCount * 4, isZeroed: true)
    let source = memory.elements(as: Int32.self)
    let target = larger.elements(as: Int32.self)
    pages.visit { page in
      let start = max(page.lowerBound, range.lower)
      let size = Int(min(page.upperBound, range.upper) - start) + 1
      guard size > 0 else { return }
      (target + Int(start - newLower)).update(from: source + Int(start - lower), count: size)
    }
    memory = larger
    lower = newLower
    count = newCount
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
    let layout = keys.layout
    for row in 0..<rowCount {
      let key = rows + row * stride
      var group: Int32
      if layout.isNull(key) {
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

  private mutating func fill(_ keys: KeyRows) {
    let slots = memory.elements(as: Int32.self)
    let layout = keys.layout
    for row in 0..<keys.count {
      let key = UnsafeRawPointer(keys.rows) + row * layout.byteCount
      let group = Int32(truncatingIfNeeded: row + 1)
      if layout.isNull(key) {
        nullGroup = group
      } else {
        slots[Int(range.value(key.load(as: UInt64.self)) &- lower)] = group
      }
    }
  }
}

/// Which pages of integers have been touched.
struct IntegerPages: Sendable {
  /// Integers of a page; slots of them take 2 MiB.
  static let size = 1 << width
  private static let width: Int64 = 19

  /// The page of the first flag.
  private var first: Int64 = 0
  private var flags: [Bool] = []
  private var count = 0

  /// Integers in all pages.
  var integerCount: Int { count << Int(IntegerPages.width) }

  /// The first integer of the page that an integer is in.
  static func start(of value: Int64) -> Int64 { (value >> width) << width }

  func contains(from lower: Int64, to upper: Int64) -> Bool {
    let start = lower >> IntegerPages.width
    let end = upper >> IntegerPages.width
    guard start >= first, end < first + Int64(flags.count) else { return false }
    return (start...end).allSatisfy { flags[Int($0 - first)] }
  }

  mutating func insert(from lower: Int64, to upper: Int64) {
    let start = lower >> IntegerPages.width
    let end = upper >> IntegerPages.width
    reserve(start, end)
    for page in start...end { insert(page) }
  }

  /// Inserts the pages of those keys that are not NULL, which are of a range.
  mutating func insert(
    _ rows: UnsafeRawPointer,
    _ rowCount: Int,
    _ layout: KeyLayout,
    _ range: IntegerRange
  ) {
    reserve(range.lower >> IntegerPages.width, range.upper >> IntegerPages.width)
    for row in 0..<rowCount {
      let key = rows + row * layout.byteCount
      if layout.isNull(key) { continue }
      insert(range.value(key.load(as: UInt64.self)) >> IntegerPages.width)
    }
  }

  private mutating func insert(_ page: Int64) {
    let index = Int(page - first)
    if !flags[index] { count += 1 }
    flags[index] = true
  }

  private mutating func reserve(_ start: Int64, _ end: Int64) {
    if flags.isEmpty { first = start }
    if start < first {
      flags.insert(contentsOf: repeatElement(false, count: Int(first - start)), at: 0)
      first = start
    }
    let missing = Int(end - first) + 1 - flags.count
    if missing > 0 { flags.append(contentsOf: repeatElement(false, count: missing)) }
  }

  /// Calls `body` with the integers of each page.
  func visit(_ body: (ClosedRange<Int64>) -> Void) {
    for (index, isTouched) in flags.enumerated() where isTouched {
      let start = (first + Int64(index)) << IntegerPages.width
      body(start...(start + (1 << IntegerPages.width - 1)))
    }
  }
}
