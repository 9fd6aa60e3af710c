import ApusValues
import ApusVectors

// Groups by key: open addressing over slots of 8 bytes, keys in dense rows.
//
//   slots     [ 0 | salt 1f3a… , 2 | 0 | salt 9b20… , 1 | … ]     salt: 32 bits of the hash
//   rows      [ key of group 0 | key of group 1 | … ]             low half: group + 1, 0 is empty
//
// A look-up starts at the slot that the salt's highest bits name and goes on from slot to slot. Only
// where the salt agrees is the key itself compared, so a look-up mostly reads one slot and one row.
// Groups are numbered in the order in which they appear. As slots are in the order of salts, a table
// of twice the size is filled from the first slot to the last, and no hash has to be fetched.
//
// Once the table grows, and its keys are integers that lie close together, they have `DirectSlots`.

/// Numbers distinct keys 0, 1, 2, ….
///
/// Safety: slots are a power of two of which at least half are empty, so every search ends.
final class GroupTable {
  let keys: KeyRows
  private var slotMemory: GrowableMemory
  private var slotCount: Int
  /// What is left of a salt's place is the number of its slot.
  private var shift: UInt64
  /// The slots of integers that lie close together; those above are not in use then.
  private var direct: DirectSlots?

  /// What `touch` has read; kept so that the reads happen.
  private var touched: UInt64 = 0

  private static let saltMask: UInt64 = 0xffff_ffff_0000_0000

  /// Slots up to which the table stays in the processor's caches by itself.
  private static let cachedSlotCount = 65_536

  init(_ layout: KeyLayout) {
    keys = KeyRows(layout)
    slotCount = GroupTable.initialSlotCount
    shift = GroupTable.shift(ofSlotCount: slotCount)
    slotMemory = GrowableMemory(byteCount: slotCount * 8, isZeroed: true)
  }

  private var slots: UnsafeMutablePointer<UInt64> { slotMemory.elements(as: UInt64.self) }

  /// The number of groups.
  var count: Int { keys.count }

  /// Bytes held.
  var byteCount: Int {
    let slotByteCount = direct?.byteCount ?? (slotCount * 8)
    return slotByteCount + keys.byteCount
  }

  /// The bytes that as many more groups may take besides, where memory has to grow for them.
  func growth(by additional: Int) -> Int {
    let needed = keys.count + additional
    let slotGrowth = direct == nil && needed * 2 > slotCount ? max(slotCount, needed) * 8 : 0
    return keys.growth(by: additional) + slotGrowth
  }

  /// The range of the keys that are not NULL, where each has a slot of its own.
  var denseRange: IntegerRange? { direct?.range }

  /// Finds the group of each key, making those that are new.
  ///
  /// - Parameters:
  ///   - rows: encoded keys of the table's layout, `rowCount` of them.
  ///   - groups: receives `rowCount` groups.
  func findOrInsert(
    rows: UnsafeRawPointer,
    hashes: UnsafePointer<UInt64>,
    rowCount: Int,
    groups: UnsafeMutablePointer<Int32>
  ) throws(SQLError) {
    try reserve(rowCount)
    if findDirectly(rows, hashes, rowCount, groups) { return }
    if slotCount > GroupTable.cachedSlotCount { touch(hashes, rowCount) }
    let wordCount = keys.layout.wordCount
    let stringCount = keys.layout.stringCount
    // The shapes of most keys get loops of their own.
    switch (wordCount, stringCount) {
    case (1, 0):
      search(rows, hashes, rowCount, groups, wordCount: 1, stringCount: 0)
    case (2, 0):
      search(rows, hashes, rowCount, groups, wordCount: 2, stringCount: 0)
    case (3, 1):
      search(rows, hashes, rowCount, groups, wordCount: 3, stringCount: 1)
    default:
      search(rows, hashes, rowCount, groups, wordCount: wordCount, stringCount: stringCount)
    }
  }

  /// Says what keys an empty table will have.
  func expect(_ range: IntegerRange, groupCount: Int) {
    guard count == 0 else { return }
    direct = DirectSlots.expecting(range, groupCount: groupCount)
  }

  /// - Returns: whether the keys have direct slots.
  private func findDirectly(
    _ rows: UnsafeRawPointer,
    _ hashes: UnsafePointer<UInt64>,
    _ rowCount: Int,
    _ groups: UnsafeMutablePointer<Int32>
  ) -> Bool {
    guard direct != nil, var range = IntegerRange(keys.layout) else { return false }
    range.add(rows, count: rowCount, keys.layout)
    let isCovered = direct?.cover(
      range,
      of: rows,
      rowCount: rowCount,
      keys.layout,
      groupCount: keys.count + rowCount
    )
    guard isCovered == true else {
      becomeHashed(forCount: keys.count + rowCount)
      return false
    }
    direct?.findOrInsert(
      rows: rows,
      hashes: hashes,
      rowCount: rowCount,
      into: keys,
      groups: groups
    )
    return true
  }

  /// Finds or makes the groups of keys of another table of this layout, which several may read.
  ///
  /// - Returns: for each of the groups `wanted` of `other` its group here.
  func insert(_ other: GroupTable, groups wanted: UnsafeBufferPointer<Int32>) throws(SQLError)
    -> [Int32]
  {
    let chunk = KeyChunk(keys.layout)
    // Room for what is surely new in an empty table.
    if keys.count == 0 { try reserve(wanted.count) }
    var failure: SQLError?
    let mapping = [Int32](unsafeUninitializedCapacity: wanted.count) { mapping, count in
      count = wanted.count
      guard let base = mapping.baseAddress else { return }
      do throws(SQLError) {
        var start = 0
        while start < wanted.count {
          let end = min(start + KeyChunk.capacity, wanted.count)
          chunk.fill(from: other.keys, UnsafeBufferPointer(rebasing: wanted[start..<end]))
          try findOrInsert(
            rows: chunk.rows,
            hashes: chunk.hashes,
            rowCount: end - start,
            groups: base + start
          )
          start = end
        }
      } catch {
        mapping.initialize(repeating: 0)
        failure = error
      }
    }
    if let failure { throw failure }
    return mapping
  }

  /// Reads the first slot of each hash and the key that it names, in loops without branches, so
  /// that the processor waits for many of them at once and not for each in turn.
  private func touch(_ hashes: UnsafePointer<UInt64>, _ rowCount: Int) {
    let slots = UnsafePointer(self.slots)
    let rows = UnsafeRawPointer(keys.rows)
    let shift = self.shift
    let stride = keys.layout.byteCount
    var sum: UInt64 = 0
    for row in 0..<rowCount { sum &+= slots[Int(GroupTable.salt(hashes[row]) &>> shift)] }
    for row in 0..<rowCount {
      let entry = slots[Int(GroupTable.salt(hashes[row]) &>> shift)] & ~GroupTable.saltMask
      // Of an empty slot, the key of group 0, which there is room for.
      let group = Int(truncatingIfNeeded: max(entry, 1)) - 1
      sum &+= (rows + group * stride).load(as: UInt64.self)
    }
    touched = sum
  }

  @inline(__always)
  private func search(
    _ rows: UnsafeRawPointer,
    _ hashes: UnsafePointer<UInt64>,
    _ rowCount: Int,
    _ groups: UnsafeMutablePointer<Int32>,
    wordCount: Int,
    stringCount: Int
  ) {
    let slots = self.slots
    let mask = UInt64(slotCount - 1)
    let shift = self.shift
    let stored = UnsafeRawPointer(keys.rows)
    let stride = wordCount * 8
    for row in 0..<rowCount {
      let hash = hashes[row]
      let key = rows + row * stride
      let salt = GroupTable.salt(hash)
      var slot = salt &>> shift
      while true {
        let entry = slots[Int(slot)]
        if entry == 0 {
          groups[row] = Int32(truncatingIfNeeded: keys.count)
          slots[Int(slot)] = salt | UInt64(keys.count + 1)
          keys.append(key, hash: hash)
          break
        }
        if entry & GroupTable.saltMask == salt {
          let group = Int(entry & ~GroupTable.saltMask) - 1
          let other = stored + group * stride
          if KeyRows.isEqual(other, key, wordCount: wordCount, stringCount: stringCount) {
            groups[row] = Int32(truncatingIfNeeded: group)
            break
          }
        }
        slot = (slot + 1) & mask
      }
    }
  }

  /// The salt of a hash, in the high half. The hash's highest bits, by which `HashPartitioning`
  /// divides, are not in it: they are the same for all keys of a partition.
  @inline(__always)
  private static func salt(_ hash: UInt64) -> UInt64 { (hash &<< 8) & saltMask }

  private static let initialSlotCount = 1024

  private static func shift(ofSlotCount count: Int) -> UInt64 {
    UInt64(64 - count.trailingZeroBitCount)
  }

  /// Makes room for as many new groups.
  private func reserve(_ additional: Int) throws(SQLError) {
    let needed = keys.count + additional
    guard needed < Int(Int32.max) else {
      throw SQLError(.exceededLocalMemoryLimit, "Query has more than 2147483646 groups")
    }
    keys.reserve(additional)
    guard direct == nil, needed * 2 > slotCount, !becomeDirect() else { return }
    var newCount = slotCount
    while newCount < needed * 2 { newCount *= 2 }
    let newMemory = GrowableMemory(byteCount: newCount * 8, isZeroed: true)
    let newSlots = newMemory.elements(as: UInt64.self)
    let newShift = GroupTable.shift(ofSlotCount: newCount)
    let slots = self.slots
    for old in 0..<slotCount where slots[old] != 0 {
      GroupTable.put(slots[old], into: newSlots, mask: newCount - 1, shift: newShift)
    }
    slotMemory = newMemory
    slotCount = newCount
    shift = newShift
  }

  @inline(__always)
  private static func put(
    _ entry: UInt64,
    into slots: UnsafeMutablePointer<UInt64>,
    mask: Int,
    shift: UInt64
  ) {
    var slot = Int(entry &>> shift)
    while slots[slot] != 0 { slot = (slot + 1) & mask }
    slots[slot] = entry
  }

  /// Gives each integer a slot of its own if the keys there are lie close together.
  private func becomeDirect() -> Bool {
    guard let slots = DirectSlots.holding(keys) else { return false }
    direct = consume slots
    slotCount = 0
    slotMemory = GrowableMemory(byteCount: 0)
    return true
  }

  /// Gives up direct slots, with room for as many keys.
  private func becomeHashed(forCount count: Int) {
    direct = nil
    slotCount = GroupTable.initialSlotCount
    while slotCount < count * 2 { slotCount *= 2 }
    shift = GroupTable.shift(ofSlotCount: slotCount)
    slotMemory = GrowableMemory(byteCount: slotCount * 8, isZeroed: true)
    let slots = self.slots
    for group in 0..<keys.count {
      let entry = GroupTable.salt(keys.hashes[group]) | UInt64(group + 1)
      GroupTable.put(entry, into: slots, mask: slotCount - 1, shift: shift)
    }
  }
}
