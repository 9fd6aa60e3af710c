// The distinct values of a column chunk, in the order of their first appearance, found again by
// open addressing with linear probing:
//
//   entries   [ 42, 7, 99 ]
//   slots     [ 0, 2, 0, 0, 1, 3, 0, 0 ]     1 more than the entry's index, 0 for a free slot
//
// At most half of the slots are taken.
//
// Safety: `entries` and `slots` are the table's own; indices come from the table alone.

/// Values of one width as bits, so that NaNs and zeros of either sign come back as they were.
protocol DictionaryKey: Equatable {
  var dictionaryHash: UInt64 { get }
}

extension UInt32: DictionaryKey {
  @inline(__always)
  var dictionaryHash: UInt64 { mixed(UInt64(self)) }
}

extension UInt64: DictionaryKey {
  @inline(__always)
  var dictionaryHash: UInt64 { mixed(self) }
}

extension UInt128: DictionaryKey {
  @inline(__always)
  var dictionaryHash: UInt64 { mixed(mixed(_low) ^ _high) }
}

/// Spreads the bits of a word over all of it.
@inline(__always)
func mixed(_ word: UInt64) -> UInt64 {
  let product = (word ^ 0x9e37_79b9_7f4a_7c15).multipliedFullWidth(by: 0xd6e8_feb8_6659_fd93)
  return product.high ^ product.low
}

/// Entries for which a dictionary has room at first.
let firstDictionaryCapacity = 256

final class DictionaryTable<Key: DictionaryKey> {
  private(set) var count = 0
  private var entryCapacity = firstDictionaryCapacity
  private var slotMask = firstDictionaryCapacity * 2 - 1
  private var entries: UnsafeMutablePointer<Key>
  private var slots: UnsafeMutablePointer<UInt32>

  init() {
    entries = .allocate(capacity: entryCapacity)
    slots = .allocate(capacity: slotMask + 1)
    slots.initialize(repeating: 0, count: slotMask + 1)
  }

  deinit {
    entries.deallocate()
    slots.deallocate()
  }

  /// Memory in bytes.
  var allocatedByteCount: Int {
    entryCapacity * MemoryLayout<Key>.stride + (slotMask + 1) * 4
  }

  var values: UnsafePointer<Key> { UnsafePointer(entries) }

  /// Forgets all values and gives back the memory that they took.
  func removeAll() {
    count = 0
    allocate(capacity: firstDictionaryCapacity)
  }

  /// Finds values, adding those that are new.
  func findIndices(
    of keys: UnsafePointer<Key>,
    count keyCount: Int,
    into output: UnsafeMutablePointer<UInt32>
  ) {
    reserve(keyCount)
    let entries = self.entries
    let slots = self.slots
    let mask = UInt64(slotMask)
    var count = UInt32(truncatingIfNeeded: self.count)
    for index in 0..<keyCount {
      let key = keys[index]
      var slot = Int(truncatingIfNeeded: key.dictionaryHash & mask)
      while true {
        let found = slots[slot]
        if found == 0 {
          entries[Int(count)] = key
          output[index] = count
          count &+= 1
          slots[slot] = count
          break
        }
        if entries[Int(found &- 1)] == key {
          output[index] = found &- 1
          break
        }
        slot = (slot &+ 1) & Int(truncatingIfNeeded: mask)
      }
    }
    self.count = Int(count)
  }

  /// Makes room for `additional` new values.
  private func reserve(_ additional: Int) {
    let needed = count + additional
    guard needed > entryCapacity else { return }
    var capacity = entryCapacity
    while capacity < needed { capacity *= 2 }
    allocate(capacity: capacity)
    for index in 0..<count {
      var slot = Int(truncatingIfNeeded: entries[index].dictionaryHash) & slotMask
      while slots[slot] != 0 { slot = (slot + 1) & slotMask }
      slots[slot] = UInt32(index + 1)
    }
  }

  /// Makes memory for so many values, taking along those there are; all slots are free then.
  private func allocate(capacity: Int) {
    let memory = UnsafeMutablePointer<Key>.allocate(capacity: capacity)
    memory.update(from: entries, count: count)
    entries.deallocate()
    entries = memory
    entryCapacity = capacity
    slots.deallocate()
    slotMask = capacity * 2 - 1
    slots = .allocate(capacity: slotMask + 1)
    slots.initialize(repeating: 0, count: slotMask + 1)
  }
}
