public import ApusStorage
public import ApusValues
import Glibc

// Who is writing is told by locks, not by process numbers: the kernel drops a lock with the process
// that holds it, however it ends. One file beside the catalog has a byte for each transaction.

/// The locks of transactions that are being prepared.
public struct TransactionLocks: Sendable {
  let path: String

  /// Locks a transaction until what is returned is let go of.
  func lock(_ id: Int64) throws(SQLError) -> TransactionLock {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure() }
    let lock = TransactionLock(descriptor: descriptor)
    var request = TransactionLocks.request(id)
    guard fcntl(descriptor, openFileDescriptionSetLock, &request) == 0 else { throw failure() }
    return lock
  }

  /// Whether some process has locked the transaction.
  func isLocked(_ id: Int64) throws(SQLError) -> Bool {
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return false }
      throw failure()
    }
    defer { close(descriptor) }
    var request = TransactionLocks.request(id)
    guard fcntl(descriptor, openFileDescriptionGetLock, &request) == 0 else { throw failure() }
    return request.l_type != Int16(F_UNLCK)
  }

  private static func request(_ id: Int64) -> flock {
    var request = flock()
    request.l_type = Int16(F_WRLCK)
    request.l_whence = Int16(SEEK_SET)
    request.l_start = off_t(id)
    request.l_len = 1
    return request
  }

  private func failure() -> SQLError {
    SQLError(
      .hiveTableLockNotAcquired,
      "The lock file \(path) cannot be used: \(String(cString: strerror(errno)))"
    )
  }

  // F_OFD_GETLK and F_OFD_SETLK, which Swift's Glibc leaves out: locks of the open file, not of the
  // process, so that sessions of one process exclude each other too.
  private var openFileDescriptionGetLock: Int32 { 36 }
  private var openFileDescriptionSetLock: Int32 { 37 }
}

/// A lock that is held as long as this lives.
final class TransactionLock: Sendable {
  private let descriptor: Int32

  init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }
}
