import ApusValues
import Synchronization

/// The memory that one query may hold in tables, builds, sorts and windows, as a part of what all may.
///
/// Books are kept by those who hold much, in steps; batches on their way are not counted. What can be
/// spilled asks `offer` and goes to disk when that refuses, so that a quarter of the limit is left to
/// those who then treat it part by part, and to those who cannot spill.
package final class MemoryPool: Sendable {
  /// Bytes.
  package let limit: Int
  private let reserved = Atomic<Int>(0)
  private let peak = Atomic<Int>(0)
  private let refusal: MemoryRefusal
  /// What all queries of the process hold.
  private let parent: MemoryPool?
  private let requestCount = Atomic<Int>(0)

  package init(limit: Int, refusal: MemoryRefusal = .none, parent: MemoryPool? = nil) {
    self.limit = limit
    self.refusal = refusal
    self.parent = parent
  }

  /// Bytes reserved now.
  package var reservedByteCount: Int { reserved.load(ordering: .relaxed) }

  /// The most bytes ever reserved.
  package var peakByteCount: Int { peak.load(ordering: .relaxed) }

  /// Adds to what is reserved, or takes away.
  ///
  /// - Throws: EXCEEDED_LOCAL_MEMORY_LIMIT if the limit does not allow it; nothing is added then.
  func add(_ byteCount: Int) throws(SQLError) {
    guard add(byteCount, share: 1) else {
      let limit = min(limit, parent?.limit ?? .max)
      let others = (parent?.reservedByteCount ?? 0) - reservedByteCount
      throw SQLError(
        .exceededLocalMemoryLimit,
        "Query exceeded per-node memory limit of \(MemoryPool.text(ofByteCount: limit))",
        hint: others > 0 ? "Other queries hold \(MemoryPool.text(ofByteCount: others))." : nil
      )
    }
  }

  /// Adds to what is reserved for something that can be spilled.
  ///
  /// - Returns: false if it should be; nothing is added then.
  func offer(_ byteCount: Int) -> Bool {
    if byteCount > 0, refusal == .offers { return false }
    return add(byteCount, share: 0.75)
  }

  /// - Parameter share: of the limits, what may be reserved afterwards.
  private func add(_ byteCount: Int, share: Double) -> Bool {
    if byteCount > 0, case .request(let number) = refusal,
      requestCount.add(1, ordering: .relaxed).newValue == number
    {
      return false
    }
    let total = reserved.add(byteCount, ordering: .relaxed).newValue
    if byteCount > 0, Double(total) > Double(limit) * share {
      reserved.subtract(byteCount, ordering: .relaxed)
      return false
    }
    if let parent, !parent.add(byteCount, share: share) {
      reserved.subtract(byteCount, ordering: .relaxed)
      return false
    }
    _ = peak.max(total, ordering: .relaxed)
    return true
  }

  /// Adds what is held already, whatever the limit.
  func force(_ byteCount: Int) {
    parent?.force(byteCount)
    let total = reserved.add(byteCount, ordering: .relaxed).newValue
    _ = peak.max(total, ordering: .relaxed)
  }

  func subtract(_ byteCount: Int) {
    reserved.subtract(byteCount, ordering: .relaxed)
    parent?.subtract(byteCount)
  }

  /// Smaller changes are not booked, so that holders may report after every batch.
  var step: Int { refusal == .none ? 64 * 1024 : 1 }

  /// `1GB`, `1.50GB`, `512B`: the largest unit, two decimals unless whole, as Trino writes sizes.
  static func text(ofByteCount byteCount: Int) -> String {
    let units = ["B", "kB", "MB", "GB", "TB", "PB"]
    var index = 0
    var scale = 1
    while index < units.count - 1, byteCount / scale >= 1024 {
      scale *= 1024
      index += 1
    }
    if byteCount % scale == 0 { return String(byteCount / scale) + units[index] }
    let hundredths = UInt((Double(byteCount) / Double(scale) * 100).rounded())
    return String(hundredths / 100) + "." + zeroPadded(hundredths % 100, to: 2) + units[index]
  }
}

/// What a pool refuses besides what its limit demands, in tests.
package enum MemoryRefusal: Sendable, Equatable {
  case none
  /// All that can be spilled.
  case offers
  /// The request of this number, counted from 1.
  case request(Int)
}
