import ApusValues

/// The bytes that one holder has reserved; given back with it.
///
/// Owned by one worker at a time.
final class Reservation {
  private let pool: MemoryPool
  private(set) var byteCount = 0
  private(set) var peakByteCount = 0

  /// Smaller changes are not booked, so that holders may report after every batch.
  private static let step = 64 * 1024

  init(_ pool: MemoryPool) { self.pool = pool }

  deinit { pool.subtract(byteCount) }

  /// Books that the holder now has `newByteCount` bytes.
  ///
  /// - Throws: EXCEEDED_LOCAL_MEMORY_LIMIT.
  func resize(to newByteCount: Int) throws(SQLError) {
    let change = newByteCount - byteCount
    guard change.magnitude >= Reservation.step else { return }
    try pool.add(change)
    byteCount = newByteCount
    peakByteCount = max(peakByteCount, newByteCount)
  }

  func grow(by byteCount: Int) throws(SQLError) { try resize(to: self.byteCount + byteCount) }
}
