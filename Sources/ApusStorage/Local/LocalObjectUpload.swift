import Glibc

// A file is written beside its place, as `.x.parquet.1f2e3d.prepared`: on the same file system, so
// that a rename completes it, under a name that data lakes leave out, and that no other writer of the
// same file has.

/// A file being written.
///
/// Safety: its owner uses it from one thread at a time, which is why it may be `Sendable`.
final class LocalObjectUpload: ObjectUpload, @unchecked Sendable {
  private(set) var prepared: PreparedObject
  private var descriptor: Int32

  init(_ path: ObjectPath) throws(StorageError) {
    let made = try LocalObjectUpload.makeDirectories(path.directory)
    let aside = LocalPreparation(for: path, madeDirectoryCount: made)
    prepared = PreparedObject(path: path, size: 0, token: aside.token)
    descriptor = open(aside.path.text, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      let error = errno
      try? LocalObjectStore().discard(prepared)
      throw StorageError(errorNumber: error, path)
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func append(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
    guard let base = bytes.baseAddress else { return }
    var done = 0
    while done < bytes.count {
      let count = write(descriptor, base + done, bytes.count - done)
      if count < 0 {
        if errno == EINTR { continue }
        throw StorageError(errorNumber: errno, prepared.path)
      }
      done += count
    }
    prepared.size += bytes.count
  }

  func finish() throws(StorageError) -> PreparedObject {
    guard fsync(descriptor) == 0 else { throw StorageError(errorNumber: errno, prepared.path) }
    let closed = close(descriptor)
    descriptor = -1
    guard closed == 0 else { throw StorageError(errorNumber: errno, prepared.path) }
    return prepared
  }

  /// Makes a directory and those above it.
  ///
  /// - Returns: how many were not there before.
  private static func makeDirectories(_ directory: ObjectPath) throws(StorageError) -> Int {
    if mkdir(directory.systemText, 0o777) == 0 { return 1 }
    switch errno {
    case EEXIST: return 0
    case ENOENT:
      let above = try makeDirectories(directory.directory)
      guard mkdir(directory.systemText, 0o777) == 0 || errno == EEXIST else {
        throw StorageError(errorNumber: errno, directory)
      }
      return above + 1
    default: throw StorageError(errorNumber: errno, directory)
    }
  }
}

/// Where a file waits, and what was made for it: `3 /lake/t/.x.parquet.1f2e3d.prepared`.
struct LocalPreparation {
  let path: ObjectPath
  /// How many directories above the file were made for it.
  let madeDirectoryCount: Int

  init(for path: ObjectPath, madeDirectoryCount: Int) {
    let mark = String(UInt64.random(in: 0 ... .max), radix: 16)
    self.path = path.directory.appending(".\(path.name).\(mark).prepared")
    self.madeDirectoryCount = madeDirectoryCount
  }

  init(_ prepared: PreparedObject) {
    let count = prepared.token.prefix { $0 != " " }
    path = ObjectPath(String(prepared.token.dropFirst(count.count + 1)))
    madeDirectoryCount = Int(count) ?? 0
  }

  var token: String { "\(madeDirectoryCount) \(path.text)" }
}
