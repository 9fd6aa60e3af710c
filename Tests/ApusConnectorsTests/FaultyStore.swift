import ApusStorage
import Synchronization

/// The local disk, some of whose calls fail.
final class FaultyStore: ObjectStore {
  private struct State {
    var callCount = 0
    var fails: @Sendable (_ call: Int, _ operation: Operation) -> Bool = { _, _ in false }
  }

  /// What can fail; each call of one of these counts.
  enum Operation {
    case list
    case upload
    case append
    case finish
    case complete
    case discard
  }

  private let disk = LocalObjectStore()
  private let state = Mutex(State())

  /// How many calls there were that could fail.
  var callCount: Int { state.withLock { $0.callCount } }

  /// Says which calls fail from here on: by number, from 1 on, and kind.
  func fail(_ fails: @escaping @Sendable (Int, Operation) -> Bool) {
    state.withLock { $0.fails = fails }
  }

  fileprivate func pass(_ operation: Operation, _ path: ObjectPath) throws(StorageError) {
    let fails = state.withLock { state in
      state.callCount += 1
      return state.fails(state.callCount, operation)
    }
    if fails { throw StorageError(.unavailable("the store is out of order"), path) }
  }

  func entry(at path: ObjectPath) throws(StorageError) -> ObjectEntry.Kind? {
    try disk.entry(at: path)
  }

  func list(_ directory: ObjectPath) throws(StorageError) -> [ObjectEntry] {
    try pass(.list, directory)
    return try disk.list(directory)
  }

  func listAll(below directory: ObjectPath) throws(StorageError) -> [ObjectInfo] {
    try pass(.list, directory)
    return try disk.listAll(below: directory)
  }

  func open(_ path: ObjectPath, expecting expected: ObjectInfo?) throws(StorageError)
    -> any ObjectReader
  {
    try disk.open(path, expecting: expected)
  }

  func put(
    _ path: ObjectPath,
    _ bytes: UnsafeRawBufferPointer,
    replacing: Bool
  ) throws(StorageError) -> ObjectInfo {
    try disk.put(path, bytes, replacing: replacing)
  }

  func upload(to path: ObjectPath) throws(StorageError) -> any ObjectUpload {
    try pass(.upload, path)
    return FaultyUpload(try disk.upload(to: path), self)
  }

  func complete(_ prepared: PreparedObject) throws(StorageError) {
    try pass(.complete, prepared.path)
    try disk.complete(prepared)
  }

  func discard(_ prepared: PreparedObject) throws(StorageError) {
    try pass(.discard, prepared.path)
    try disk.discard(prepared)
  }

  func remove(_ path: ObjectPath) throws(StorageError) { try disk.remove(path) }

  func counting(in activity: StorageActivity) -> any ObjectStore { self }
}

private final class FaultyUpload: ObjectUpload {
  private let inner: any ObjectUpload
  private let store: FaultyStore

  init(_ inner: any ObjectUpload, _ store: FaultyStore) {
    self.inner = inner
    self.store = store
  }

  var prepared: PreparedObject { inner.prepared }

  func append(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
    try store.pass(.append, prepared.path)
    try inner.append(bytes)
  }

  func finish() throws(StorageError) -> PreparedObject {
    try store.pass(.finish, prepared.path)
    return try inner.finish()
  }
}
