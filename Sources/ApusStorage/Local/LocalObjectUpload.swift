import Glibc

// A file is written beside its place, as `.x.parquet.1f2e3d.prepared`: on the same file system, so
// that a rename completes it, under a name that data lakes leave out, and that no other writer of the
// same file has.

/// A file being written.
///
/// Safety: its owner uses it from one thread at a time, which is why it may be `Sendable`.
final class LocalObjectUpload: ObjectUpload, @unchecked Sendable {
  private(set) var prepared: PreparedObject
  /// Negative before the first bytes and after the last.
  private var descriptor: Int32 = -1

  /// Nothing is made before the first bytes come, so that whoever keeps `prepared` before that can
  /// always throw away all there is.
  init(_ path: ObjectPath) {
    let aside = LocalPreparation(
      for: path,
      madeDirectoryCount: LocalObjectUpload.missingDirectoryCount(path.directory)
    )
    prepared = PreparedObject(path: path, size: 0, token: aside.token)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Makes the file and the directories above it.
  private func begin() throws(StorageError) {
    guard descriptor < 0 else { return }
    let aside = LocalPreparation(prepared).path
    var tries = 0
    while true {
      do throws(StorageError) {
        try LocalObjectUpload.makeDirectories(aside.directory)
        descriptor = open(aside.text, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor < 0 else { return }
        throw StorageError(errorNumber: errno, prepared.path)
      } catch {
        // Someone who gives up takes the directories away that were made for him.
        tries += 1
        guard error.reason == .notFound, tries < LocalObjectUpload.greatestTryCount else {
          try? LocalObjectStore().discard(prepared)
          throw error
        }
      }
    }
  }

  private static let greatestTryCount = 100

  func append(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
    try begin()
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
    try begin()
    guard fsync(descriptor) == 0 else { throw StorageError(errorNumber: errno, prepared.path) }
    let closed = close(descriptor)
    descriptor = -1
    guard closed == 0 else { throw StorageError(errorNumber: errno, prepared.path) }
    return prepared
  }

  /// Makes a directory and those above it.
  private static func makeDirectories(_ directory: ObjectPath) throws(StorageError) {
    if mkdir(directory.systemText, 0o777) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, directory.directory != directory else {
      throw StorageError(errorNumber: errno, directory)
    }
    try makeDirectories(directory.directory)
    guard mkdir(directory.systemText, 0o777) == 0 || errno == EEXIST else {
      throw StorageError(errorNumber: errno, directory)
    }
  }

  /// How many directories have to be made, from this one upwards.
  private static func missingDirectoryCount(_ directory: ObjectPath) -> Int {
    var count = 0
    var next = directory
    while access(next.systemText, F_OK) != 0, errno == ENOENT, next.directory != next {
      count += 1
      next = next.directory
    }
    return count
  }
}

/// Where a file waits beside its place, and what was made for it: `3 .x.parquet.1f2e3d.prepared`.
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
    path = prepared.path.directory.appending(prepared.token.dropFirst(count.count + 1))
    madeDirectoryCount = Int(count) ?? 0
  }

  var token: String { "\(madeDirectoryCount) \(path.name)" }
}
