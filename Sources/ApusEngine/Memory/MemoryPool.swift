import ApusValues
import Synchronization

/// The memory that one query may hold in tables, builds, sorts and windows.
///
/// Books are kept by those who hold much, in steps; batches on their way are not counted.
package final class MemoryPool: Sendable {
  /// Bytes.
  package let limit: Int
  private let reserved = Atomic<Int>(0)
  private let peak = Atomic<Int>(0)

  package init(limit: Int) { self.limit = limit }

  /// Bytes reserved now.
  package var reservedByteCount: Int { reserved.load(ordering: .relaxed) }

  /// The most bytes ever reserved.
  package var peakByteCount: Int { peak.load(ordering: .relaxed) }

  /// Adds to what is reserved, or takes away.
  ///
  /// - Throws: EXCEEDED_LOCAL_MEMORY_LIMIT if the limit does not allow it; nothing is added then.
  func add(_ byteCount: Int) throws(SQLError) {
    let total = reserved.add(byteCount, ordering: .relaxed).newValue
    if byteCount > 0, total > limit {
      reserved.subtract(byteCount, ordering: .relaxed)
      throw SQLError(
        .exceededLocalMemoryLimit,
        "Query exceeded per-node memory limit of \(MemoryPool.text(ofByteCount: limit))"
      )
    }
    _ = peak.max(total, ordering: .relaxed)
  }

  func subtract(_ byteCount: Int) { reserved.subtract(byteCount, ordering: .relaxed) }

  /// `1GB`, `1.5GB`, `512B`: the largest unit with at most two decimals, as Trino writes sizes.
  static func text(ofByteCount byteCount: Int) -> String {
    let units = ["B", "kB", "MB", "GB", "TB", "PB"]
    var index = 0
    var scale = 1
    while index < units.count - 1, byteCount / scale >= 1024 {
      scale *= 1024
      index += 1
    }
    let hundredths = Int((Double(byteCount) / Double(scale) * 100).rounded())
    let whole = String(hundredths / 100)
    let rest = hundredths % 100
    if rest == 0 { return whole + units[index] }
    let digits = rest % 10 == 0 ? String(rest / 10) : (rest < 10 ? "0\(rest)" : String(rest))
    return whole + "." + digits + units[index]
  }
}
