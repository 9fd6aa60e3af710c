/// The threads that have come by the places of a program in one step, to be found by what they remember:
/// a hash table with linear probing.
struct VisitorTable {
  struct Visitor {
    var thread: Int32
    var place: Int32
    /// Of what the thread remembers.
    var hash: UInt64
  }

  private var visitors: [Visitor] = []
  /// Positions among `visitors`, or -1; a power of two.
  private var slots = [Int32](repeating: -1, count: minimumSlotCount)

  private static let minimumSlotCount = 64

  var byteCount: Int { visitors.capacity * 16 + slots.count * 4 }

  /// Forgets all.
  mutating func removeAll() {
    if visitors.isEmpty { return }
    if slots.count > VisitorTable.minimumSlotCount, visitors.count < slots.count / 16 {
      slots = Array(repeating: -1, count: VisitorTable.minimumSlotCount)
    } else {
      for slot in slots.indices { slots[slot] = -1 }
    }
    visitors.removeAll(keepingCapacity: true)
  }

  /// Whether a thread has come by the place of another one's that remembers the same.
  ///
  /// - Parameter isSame: asked of threads with the same hash.
  func contains(_ visitor: Visitor, where isSame: (Int32) -> Bool) -> Bool {
    var slot = firstSlot(of: visitor)
    while slots[slot] >= 0 {
      let known = visitors[Int(slots[slot])]
      if known.place == visitor.place, known.hash == visitor.hash, isSame(known.thread) {
        return true
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    return false
  }

  /// Adds a visitor that is not there.
  mutating func insert(_ visitor: Visitor) {
    visitors.append(visitor)
    if visitors.count * 2 > slots.count {
      slots = Array(repeating: -1, count: slots.count * 2)
      for position in visitors.indices { place(position) }
    } else {
      place(visitors.count - 1)
    }
  }

  private mutating func place(_ position: Int) {
    var slot = firstSlot(of: visitors[position])
    while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = Int32(truncatingIfNeeded: position)
  }

  private func firstSlot(of visitor: Visitor) -> Int {
    Int(truncatingIfNeeded: visitor.hash.mixed(with: visitor.place)) & (slots.count - 1)
  }
}

extension UInt64 {
  /// Returns the hash of a sequence with one more number at its end (the finalizer of SplitMix64).
  func mixed(with number: Int32) -> UInt64 {
    mixed(with: UInt64(UInt32(bitPattern: number)))
  }

  func mixed(with number: UInt64) -> UInt64 {
    var mixed = self &+ number &+ 0x9e37_79b9_7f4a_7c15
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
