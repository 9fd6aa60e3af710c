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
