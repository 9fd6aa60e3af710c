import ApusPlanner
import ApusValues
import ApusVectors

/// Keeps the n rows of each group with the most extreme keys, for `max(x, n)` and `max_by(x, y, n)`.
/// Rows whose key is NULL do not count; the value may be NULL.
///
/// A group's rows are a heap whose root is the row that the next better one replaces.
///
/// Safety: slots are below `slotCount`, to which keys and values are resized.
final class ExtremeListAccumulator: Accumulator {
  private struct Group {
    /// How many rows are kept; 0 until the first row says so.
    var limit = 0
    /// Where keys and values are.
    var slots: [Int32] = []
  }

  /// The largest n, as in Trino.
  private static let maximumLimit: Int64 = 10_000

  private let result: SQLType
  private let sign: Int
  private let order: ValueOrder
  private let keyArgument: Int
  private let keyStride: Int
  private let keys: GroupValues
  /// Nil if the key is the value.
  private let values: GroupValues?
  private var groups: [Group] = []
  private var slotCount = 0

  /// - Parameters:
  ///   - key: the argument that decides; the first is the value, the last n.
  ///   - sign: 1 for the largest keys, -1 for the smallest.
  init(_ function: BoundFunction, key: Int, sign: Int) throws(SQLError) {
    guard function.parameterTypes.count == key + 2 else {
      throw .internal("\(function.name) without n")
    }
    let keyType = function.parameterTypes[key]
    result = function.returnType
    self.sign = sign
    order = try valueOrder(of: keyType, sign: sign, for: function.name)
    keyArgument = key
    keyStride = keyType.physicalType.stride
    keys = GroupValues(type: keyType)
    values = key == 0 ? nil : GroupValues(type: function.parameterTypes[0])
  }

  func resize(groupCount: Int) { groups.grow(to: groupCount, with: Group()) }

  func update(groups rowGroups: UnsafeBufferPointer<Int32>, arguments: [ColumnVector])
    throws(SQLError)
  {
    let value = arguments[0].decoded
    let key = arguments[keyArgument].decoded
    let limits = arguments[arguments.count - 1].decoded
    defer { extendLifetime((value, key, limits)) }
    let base = UnsafeRawPointer(key.storage.values.base)
    let limit = limits.bigints
    for row in 0..<rowGroups.count
    where rowGroups[row] >= 0 && !key.isNull(row) && !limit.isNull(row) {
      let group = Int(rowGroups[row])
      if groups[group].limit == 0 { groups[group].limit = try checked(limit[row]) }
      let slot = try place(base + key.storageIndex(row) * keyStride, in: group)
      guard let slot else { continue }
      keys.set(slot, from: key, row: row)
      values?.set(slot, from: value, row: row)
      try settle(group)
    }
  }

  private func checked(_ limit: Int64) throws(SQLError) -> Int {
    if limit <= 0 {
      throw SQLError(
        .invalidFunctionArgument,
        keyArgument == 0
          ? "second argument of max_n/min_n must be positive"
          : "third argument of max_by/min_by must be a positive integer"
      )
    }
    if limit > ExtremeListAccumulator.maximumLimit {
      throw SQLError(
        .invalidFunctionArgument,
        (keyArgument == 0 ? "second argument of max_n/min_n" : "third argument of max_by/min_by")
          + " must be less than or equal to \(ExtremeListAccumulator.maximumLimit); found \(limit)"
      )
    }
    return Int(limit)
  }

  /// Whether the key in one slot is to go before that in another.
  private func isWorse(_ slot: Int32, than other: Int32) throws(SQLError) -> Bool {
    try order(keys.value(Int(slot)), keys.value(Int(other))) * sign < 0
  }

  /// Returns the slot for a row with this key, which is then the last of the group's if it is new,
  /// the root if not; nil if it is not among the best.
  private func place(_ key: UnsafeRawPointer, in group: Int) throws(SQLError) -> Int? {
    if groups[group].slots.count < groups[group].limit {
      let slot = slotCount
      slotCount += 1
      keys.resize(to: slotCount)
      values?.resize(to: slotCount)
      groups[group].slots.append(Int32(truncatingIfNeeded: slot))
      return slot
    }
    let root = Int(groups[group].slots[0])
    return try order(key, keys.value(root)) * sign > 0 ? root : nil
  }

  /// Restores the heap after a key was set at its root or its end.
  private func settle(_ group: Int) throws(SQLError) {
    let count = groups[group].slots.count
    var child = count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard try isWorse(groups[group].slots[child], than: groups[group].slots[parent]) else {
        break
      }
      groups[group].slots.swapAt(child, parent)
      child = parent
    }
    var parent = 0
    while true {
      var worst = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < count {
        if try isWorse(groups[group].slots[child], than: groups[group].slots[worst]) {
          worst = child
        }
      }
      if worst == parent { return }
      groups[group].slots.swapAt(worst, parent)
      parent = worst
    }
  }

  func merge(_ other: any Accumulator, mapping: GroupMapping) throws(SQLError) {
    let other = try sameKind(other, as: ExtremeListAccumulator.self)
    for (group, target) in mapping where other.groups[group].limit > 0 {
      if groups[target].limit == 0 { groups[target].limit = other.groups[group].limit }
      for source in other.groups[group].slots {
        guard let slot = try place(other.keys.value(Int(source)), in: target) else { continue }
        keys.set(slot, from: other.keys, group: Int(source))
        if let otherValues = other.values {
          values?.set(slot, from: otherValues, group: Int(source))
        }
        try settle(target)
      }
    }
  }

  func finish(_ range: Range<Int>) throws(SQLError) -> ColumnVector {
    var slots: [Int32] = []
    var ends: [Int32] = []
    for group in range {
      slots += try sorted(group)
      ends.append(Int32(truncatingIfNeeded: slots.count))
    }
    let parts = ArrayElements(ends: ends, elements: (values ?? keys).vector(slots[...]))
    return .arrays(parts, type: result, validity: parts.nonEmpty)
  }

  /// Returns a group's slots, the best first.
  private func sorted(_ group: Int) throws(SQLError) -> [Int32] {
    var failure: SQLError?
    let slots = groups[group].slots.sorted { left, right in
      do throws(SQLError) {
        return try isWorse(right, than: left)
      } catch {
        failure = error
        return false
      }
    }
    if let failure { throw failure }
    return slots
  }

  var byteCount: Int {
    keys.byteCount + (values?.byteCount ?? 0) + groups.count * MemoryLayout<Group>.stride
      + slotCount * 8
  }
}
