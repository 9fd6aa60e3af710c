import Glibc

/// A file descriptor that is closed with its last owner.
final class LocalObjectReader: ObjectReader {
  let info: ObjectInfo
  var isRemote: Bool { false }
  private let descriptor: Int32

  init(_ path: ObjectPath) throws(StorageError) {
    let descriptor = Glibc.open(path.text, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw StorageError(errorNumber: errno, path) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, !status.isDirectory else {
      let error = errno
      close(descriptor)
      throw StorageError(errorNumber: error == 0 ? EISDIR : error, path)
    }
    self.descriptor = descriptor
    info = ObjectInfo(path, status)
  }

  deinit { close(descriptor) }

  func start(_ reads: [ObjectRead]) -> any PendingRead { LocalRead(self, reads) }

  /// Notices a file that was written over in place.
  ///
  /// - Throws: `changed`.
  fileprivate func checkUnchanged() throws(StorageError) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw StorageError(errorNumber: errno, info.path) }
    guard ObjectInfo(info.path, status).tag == info.tag else {
      throw StorageError(.changed, info.path)
    }
  }

  fileprivate func read(_ read: ObjectRead) throws(StorageError) {
    guard let base = read.buffer.baseAddress else { return }
    var done = 0
    while done < read.buffer.count {
      // One call moves at most 2 GiB; a signal may cut it short.
      let offset = off_t(read.offset + done)
      let count = pread(descriptor, base + done, read.buffer.count - done, offset)
      if count < 0 {
        if errno == EINTR { continue }
        throw StorageError(errorNumber: errno, info.path)
      }
      if count == 0 { throw StorageError(.truncated, info.path) }
      done += count
    }
  }
}

/// A read that is done by whoever waits for it: the page cache is quicker than another thread.
private final class LocalRead: PendingRead {
  private let reader: LocalObjectReader
  private let reads: [ObjectRead]

  init(_ reader: LocalObjectReader, _ reads: [ObjectRead]) {
    self.reader = reader
    self.reads = reads
  }

  func wait() throws(StorageError) {
    do throws(StorageError) {
      for read in reads { try reader.read(read) }
    } catch {
      try reader.checkUnchanged()
      throw error
    }
    try reader.checkUnchanged()
  }

  func cancel() {}
}
