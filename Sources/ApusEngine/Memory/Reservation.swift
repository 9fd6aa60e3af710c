import ApusValues

/// The bytes that one holder has reserved; given back with it.
///
/// Owned by one worker at a time.
final class Reservation {
  private let pool: MemoryPool
  private(set) var byteCount = 0
  private(set) var peakByteCount = 0

  init(_ pool: MemoryPool) { self.pool = pool }

  deinit { pool.subtract(byteCount) }

  /// Books that the holder now has `newByteCount` bytes.
  ///
  /// - Throws: EXCEEDED_LOCAL_MEMORY_LIMIT.
  func resize(to newByteCount: Int) throws(SQLError) {
    let change = newByteCount - byteCount
    guard change.magnitude >= pool.step else { return }
    try pool.add(change)
    note(newByteCount)
  }

  func grow(by byteCount: Int) throws(SQLError) { try resize(to: self.byteCount + byteCount) }

  /// Books that the holder now has `newByteCount` bytes, which it can spill.
  ///
  /// - Returns: false if it should do so. Then nothing has changed, and the holder calls `force` if it
  ///   keeps them all the same.
  func offer(_ newByteCount: Int) -> Bool {
    let change = newByteCount - byteCount
    guard change.magnitude >= pool.step else { return true }
    guard pool.offer(change) else { return false }
    note(newByteCount)
    return true
  }

  /// Books what the holder has, even beyond the limit: what it needs to spill.
  func force(to newByteCount: Int) {
    pool.force(newByteCount - byteCount)
    note(newByteCount)
  }

  private func note(_ newByteCount: Int) {
    byteCount = newByteCount
    peakByteCount = max(peakByteCount, newByteCount)
  }
}
