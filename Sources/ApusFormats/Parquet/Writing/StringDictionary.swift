import ApusVectors

// The distinct strings of a column chunk, as `DictionaryTable` keeps numbers. A slot holds 32 bits
// of the hash above the entry's index and 1, so that most strings are compared only when equal.
//
// Which entries the current page uses is stamped, which finds its least and greatest string without
// looking at any twice.
//
// Safety: as for `DictionaryTable`. Long strings are copied to the dictionary's own heap, so its
// views outlive the batches that they came from.

final class StringDictionary {
  private(set) var count = 0
  /// Bytes of the entries in a dictionary page.
  private(set) var plainByteCount = 0
  private var entryCapacity = firstDictionaryCapacity
  private var slotMask = firstDictionaryCapacity * 2 - 1
  private var entries: UnsafeMutablePointer<StringView>
  private var stamps: UnsafeMutablePointer<UInt32>
  private var slots: UnsafeMutablePointer<UInt64>
  private var heap = StringHeap()

  private var page: UInt32 = 1
  private var lowest: UInt32?
  private var highest: UInt32 = 0

  /// The storage of the last dictionary vector, and for each of its values the entry, or -1.
  private var mappedStorage: VectorStorage?
  private var mapping = GrowableBytes()

  init() {
    entries = .allocate(capacity: entryCapacity)
    stamps = .allocate(capacity: entryCapacity)
    slots = .allocate(capacity: slotMask + 1)
    slots.initialize(repeating: 0, count: slotMask + 1)
  }

  deinit {
    entries.deallocate()
    stamps.deallocate()
    slots.deallocate()
  }

  /// Memory in bytes, with that of a vector which is kept for its dictionary.
  var allocatedByteCount: Int {
    var total = entryCapacity * 20 + (slotMask + 1) * 8 + heap.byteCount + mapping.capacity
    if let mappedStorage {
      total += mappedStorage.values.byteCount
      for heap in mappedStorage.heaps { total += heap.byteCount }
    }
    return total
  }

  var values: UnsafePointer<StringView> { UnsafePointer(entries) }

  /// Forgets all strings and gives back the memory that they took.
  func removeAll() {
    count = 0
    plainByteCount = 0
    allocate(capacity: firstDictionaryCapacity)
    heap = StringHeap()
    mappedStorage = nil
    mapping.removeAll(retaining: 0)
    beginPage()
  }

  /// Finds strings, adding those that are new.
  func findIndices(
    of views: UnsafePointer<StringView>,
    count viewCount: Int,
    into output: UnsafeMutablePointer<UInt32>
  ) {
    reserve(viewCount)
    for index in 0..<viewCount { output[index] = find(views[index]) }
    stamp(output, viewCount)
  }

  /// Finds the values of a dictionary vector at positions in its storage, each of them only once.
  func findIndices(
    of storage: VectorStorage,
    at rows: UnsafePointer<Int32>,
    count rowCount: Int,
    into output: UnsafeMutablePointer<UInt32>
  ) {
    if mappedStorage !== storage {
      mapping.removeAll()
      mapping.reserve(storage.count * 4)
      mapping.base.initializeMemory(as: Int32.self, repeating: -1, count: storage.count)
      mappedStorage = storage
    }
    reserve(rowCount)
    let mapped = mapping.base.assumingMemoryBound(to: Int32.self)
    let views = storage.values.base.assumingMemoryBound(to: StringView.self)
    for index in 0..<rowCount {
      let row = Int(rows[index])
      if mapped[row] < 0 { mapped[row] = Int32(truncatingIfNeeded: find(views[row])) }
      output[index] = UInt32(truncatingIfNeeded: mapped[row])
    }
    stamp(output, rowCount)
  }

  /// Begins to look for the least and greatest string anew.
  func beginPage() {
    lowest = nil
    page &+= 1
    if page == 0 {
      // After four thousand million pages old stamps would look new.
      stamps.update(repeating: 0, count: count)
      page = 1
    }
  }

  /// The least and greatest string since `beginPage`.
  var pageBounds: (low: StringView, high: StringView)? {
    lowest.map { (entries[Int($0)], entries[Int(highest)]) }
  }

  /// Bytes of these strings in a plain page.
  func plainByteCount(of indices: UnsafePointer<UInt32>, count indexCount: Int) -> Int {
    var total = 4 * indexCount
    for index in 0..<indexCount { total &+= entries[Int(indices[index])].count }
    return total
  }

  private func stamp(_ indices: UnsafePointer<UInt32>, _ indexCount: Int) {
    for index in 0..<indexCount {
      let entry = Int(indices[index])
      if stamps[entry] == page { continue }
      stamps[entry] = page
      guard let low = lowest else {
        lowest = indices[index]
        highest = indices[index]
        continue
      }
      let view = entries[entry]
      if StringView.compare(view, entries[Int(low)]) < 0 { lowest = indices[index] }
      if StringView.compare(view, entries[Int(highest)]) > 0 { highest = indices[index] }
    }
  }

  @inline(__always)
  private func find(_ view: StringView) -> UInt32 {
    let hash = hashOf(view)
    var slot = Int(truncatingIfNeeded: hash) & slotMask
    while true {
      let found = slots[slot]
      if found == 0 { break }
      if (found ^ hash) >> 32 == 0 {
        let entry = UInt32(truncatingIfNeeded: found) &- 1
        if entries[Int(entry)] == view { return entry }
      }
      slot = (slot &+ 1) & slotMask
    }
    let entry = count
    entries[entry] = heap.store(view)
    stamps[entry] = 0
    count += 1
    plainByteCount += 4 + view.count
    slots[slot] = hash & 0xffff_ffff_0000_0000 | UInt64(count)
    return UInt32(truncatingIfNeeded: entry)
  }

  @inline(__always)
  private func hashOf(_ view: StringView) -> UInt64 {
    if view.isInline { return mixed(mixed(view.low) ^ view.high) }
    return hashOfLong(view)
  }

  private func hashOfLong(_ view: StringView) -> UInt64 {
    view.withBytes { bytes in
      var hash = UInt64(bytes.count)
      var position = 0
      while position + 8 <= bytes.count {
        hash = mixed(hash ^ bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
        position += 8
      }
      // The last eight bytes, some of them again.
      let last = bytes.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self)
      return mixed(hash ^ last)
    }
  }

  /// Makes room for `additional` new strings.
  private func reserve(_ additional: Int) {
    let needed = count + additional
    guard needed > entryCapacity else { return }
    var capacity = entryCapacity
    while capacity < needed { capacity *= 2 }
    allocate(capacity: capacity)
    for index in 0..<count {
      let hash = hashOf(entries[index])
      var slot = Int(truncatingIfNeeded: hash) & slotMask
      while slots[slot] != 0 { slot = (slot + 1) & slotMask }
      slots[slot] = hash & 0xffff_ffff_0000_0000 | UInt64(index + 1)
    }
  }

  /// Makes memory for so many strings, taking along those there are; all slots are free then.
  private func allocate(capacity: Int) {
    let memory = UnsafeMutablePointer<StringView>.allocate(capacity: capacity)
    memory.update(from: entries, count: count)
    entries.deallocate()
    entries = memory
    let stampMemory = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity)
    stampMemory.update(from: stamps, count: count)
    stamps.deallocate()
    stamps = stampMemory
    entryCapacity = capacity
    slots.deallocate()
    slotMask = capacity * 2 - 1
    slots = .allocate(capacity: slotMask + 1)
    slots.initialize(repeating: 0, count: slotMask + 1)
  }
}
