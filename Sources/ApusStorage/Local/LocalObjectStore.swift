import Glibc

/// The local file system.
public struct LocalObjectStore: ObjectStore {
  public init() {}

  public func entry(at path: ObjectPath) throws(StorageError) -> ObjectEntry.Kind? {
    guard let status = try status(path) else { return nil }
    return status.isDirectory ? .directory : .object
  }

  public func list(_ directory: ObjectPath) throws(StorageError) -> [ObjectEntry] {
    guard let stream = opendir(directory.systemText) else {
      throw StorageError(errorNumber: errno, directory)
    }
    defer { closedir(stream) }
    var entries: [ObjectEntry] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else { break }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name == "." || name == ".." { continue }
      let type = Int(entry.pointee.d_type)
      switch type {
      case DT_DIR: entries.append(ObjectEntry(name: name, kind: .directory))
      case DT_REG, DT_LNK, DT_UNKNOWN:
        let path = directory.appending(name)
        // A link to nowhere, and what has gone since, is left out.
        guard let status = try self.status(path) else { continue }
        entries.append(
          ObjectEntry(
            name: name,
            kind: status.isDirectory ? .directory : .object,
            isLink: type == DT_LNK,
            info: status.isDirectory ? nil : ObjectInfo(path, status)
          )
        )
      default: continue
      }
    }
    if errno != 0 { throw StorageError(errorNumber: errno, directory) }
    entries.sort { $0.name < $1.name }
    return entries
  }

  public func listAll(below directory: ObjectPath) throws(StorageError) -> [ObjectInfo] {
    var found: [ObjectInfo] = []
    var pending = [directory]
    while let next = pending.popLast() {
      let entries: [ObjectEntry]
      do {
        entries = try list(next)
      } catch {
        // Not there, not a directory, or gone since it was listed.
        if error.reason == .notFound { continue }
        throw error
      }
      for entry in entries where !entry.isHidden {
        if let info = entry.info {
          found.append(info)
        } else if !entry.isLink {
          // Links to directories are followed only where a pattern names them: they may go in
          // circles.
          pending.append(next.appending(entry.name))
        }
      }
    }
    return found.sorted { $0.path < $1.path }
  }

  public func open(_ path: ObjectPath, expecting expected: ObjectInfo?) throws(StorageError)
    -> any ObjectReader
  {
    let reader = try LocalObjectReader(path)
    if let expected, expected.tag != reader.info.tag { throw StorageError(.changed, path) }
    return reader
  }

  public func put(
    _ path: ObjectPath,
    _ bytes: UnsafeRawBufferPointer,
    replacing: Bool
  ) throws(StorageError) -> ObjectInfo {
    let upload = LocalObjectUpload(path)
    do throws(StorageError) {
      try upload.append(bytes)
      let prepared = try upload.finish()
      if replacing {
        try complete(prepared)
      } else {
        // Unlike a rename, a link never takes the place of a file.
        let aside = LocalPreparation(prepared)
        guard link(aside.path.text, path.text) == 0 else {
          throw StorageError(errorNumber: errno, path)
        }
        unlink(aside.path.text)
      }
    } catch {
      try? discard(upload.prepared)
      throw error
    }
    guard let status = try status(path) else { throw StorageError(.notFound, path) }
    return ObjectInfo(path, status)
  }

  public func upload(to path: ObjectPath) throws(StorageError) -> any ObjectUpload {
    LocalObjectUpload(path)
  }

  public func complete(_ prepared: PreparedObject) throws(StorageError) {
    let aside = LocalPreparation(prepared)
    if rename(aside.path.text, prepared.path.text) != 0 {
      let error = errno
      // Someone else may have been first.
      guard error == ENOENT, try entry(at: prepared.path) == .object else {
        throw StorageError(errorNumber: error, prepared.path)
      }
    }
    try synchronize(directoryOf: prepared.path)
  }

  public func discard(_ prepared: PreparedObject) throws(StorageError) {
    let aside = LocalPreparation(prepared)
    if unlink(aside.path.text) != 0 {
      let error = errno
      // It was never made, perhaps because nothing can be made there.
      var status = stat()
      if lstat(aside.path.text, &status) == 0 || errno == EACCES {
        throw StorageError(errorNumber: error, aside.path)
      }
    }
    // The directories that were made for it, as far as nobody else uses them by now.
    var directory = prepared.path.directory
    for _ in 0..<aside.madeDirectoryCount {
      guard rmdir(directory.systemText) == 0 || errno == ENOENT else { break }
      directory = directory.directory
    }
  }

  public func remove(_ path: ObjectPath) throws(StorageError) {
    if unlink(path.text) != 0, errno != ENOENT, errno != ENOTDIR {
      throw StorageError(errorNumber: errno, path)
    }
  }

  /// The system counts its own requests.
  public func counting(in activity: StorageActivity) -> any ObjectStore { self }

  /// What the system says of a path, nil if nothing is there.
  private func status(_ path: ObjectPath) throws(StorageError) -> stat? {
    var status = stat()
    guard stat(path.systemText, &status) == 0 else {
      let error = errno
      if error == ENOENT || error == ENOTDIR || error == ELOOP { return nil }
      throw StorageError(errorNumber: error, path)
    }
    return status
  }

  /// Makes a rename outlive a loss of power.
  private func synchronize(directoryOf path: ObjectPath) throws(StorageError) {
    let descriptor = Glibc.open(path.directory.systemText, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw StorageError(errorNumber: errno, path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw StorageError(errorNumber: errno, path) }
  }
}

extension ObjectPath {
  /// The directory of a path on disk.
  var directory: ObjectPath {
    guard let slash = text.lastIndex(of: "/") else { return ObjectPath("") }
    return ObjectPath(slash == text.startIndex ? "/" : String(text[..<slash]))
  }

  /// The path as the system takes it: the empty one is the current directory.
  var systemText: String { text.isEmpty ? "." : text }
}

extension stat {
  var isDirectory: Bool { st_mode & S_IFMT == S_IFDIR }
}

extension ObjectInfo {
  init(_ path: ObjectPath, _ status: stat) {
    self.init(
      path: path,
      size: Int(status.st_size),
      tag: "\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)-\(status.st_size)-\(status.st_ino)",
      modifiedMilliseconds: Int64(status.st_mtim.tv_sec) &* 1000
        &+ Int64(status.st_mtim.tv_nsec) / 1_000_000
    )
  }
}

extension StorageError {
  init(errorNumber: Int32, _ path: ObjectPath) {
    switch errorNumber {
    case ENOENT, ENOTDIR: self.init(.notFound, path)
    case EACCES, EPERM: self.init(.permissionDenied, path)
    case EEXIST: self.init(.alreadyExists, path)
    default: self.init(.failed(String(cString: strerror(errorNumber))), path)
    }
  }
}
