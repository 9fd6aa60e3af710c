import Glibc

/// The local file system.
public struct LocalObjectStore: ObjectStore {
  public init() {}

  public func entry(at path: ObjectPath) throws(StorageError) -> ObjectEntry.Kind? {
    var status = stat()
    guard stat(path.text.isEmpty ? "." : path.text, &status) == 0 else {
      let error = errno
      if error == ENOENT || error == ENOTDIR { return nil }
      throw StorageError(errorNumber: error, path)
    }
    return status.st_mode & S_IFMT == S_IFDIR ? .directory : .object
  }

  public func list(_ directory: ObjectPath) throws(StorageError) -> [ObjectEntry] {
    let name = directory.text.isEmpty ? "." : directory.text
    guard let stream = opendir(name) else { throw StorageError(errorNumber: errno, directory) }
    defer { closedir(stream) }
    var entries: [ObjectEntry] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else { break }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name == "." || name == ".." { continue }
      switch Int(entry.pointee.d_type) {
      case DT_DIR: entries.append(ObjectEntry(name: name, kind: .directory))
      case DT_REG: entries.append(ObjectEntry(name: name, kind: .object))
      case DT_LNK, DT_UNKNOWN:
        // Only these need a look of their own; a link to nowhere is left out.
        guard let kind = try self.entry(at: directory.appending(name)) else { continue }
        let isLink = Int(entry.pointee.d_type) == DT_LNK
        entries.append(ObjectEntry(name: name, kind: kind, isLink: isLink))
      default: continue
      }
    }
    if errno != 0 { throw StorageError(errorNumber: errno, directory) }
    entries.sort { $0.name < $1.name }
    return entries
  }

  public func open(_ path: ObjectPath) throws(StorageError) -> any ObjectReader {
    try LocalObjectReader(path)
  }
}

/// A file descriptor that is closed with its last owner.
final class LocalObjectReader: ObjectReader {
  let info: ObjectInfo
  private let descriptor: Int32

  init(_ path: ObjectPath) throws(StorageError) {
    let descriptor = Glibc.open(path.text, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw StorageError(errorNumber: errno, path) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
      let error = errno
      close(descriptor)
      throw StorageError(errorNumber: error == 0 ? EISDIR : error, path)
    }
    self.descriptor = descriptor
    info = ObjectInfo(
      path: path,
      size: Int(status.st_size),
      tag: "\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)-\(status.st_size)-\(status.st_ino)"
    )
  }

  deinit { close(descriptor) }

  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(StorageError) {
    guard let base = buffer.baseAddress else { return }
    var done = 0
    while done < buffer.count {
      // One call moves at most 2 GiB; a signal may cut it short.
      let count = pread(descriptor, base + done, buffer.count - done, off_t(offset + done))
      if count < 0 {
        if errno == EINTR { continue }
        throw StorageError(errorNumber: errno, info.path)
      }
      if count == 0 { throw StorageError(.truncated, info.path) }
      done += count
    }
  }
}

extension StorageError {
  init(errorNumber: Int32, _ path: ObjectPath) {
    switch errorNumber {
    case ENOENT, ENOTDIR: self.init(.notFound, path)
    case EACCES, EPERM: self.init(.permissionDenied, path)
    default: self.init(.failed(String(cString: strerror(errorNumber))), path)
    }
  }
}
