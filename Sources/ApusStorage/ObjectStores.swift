import Synchronization

/// All stores under one roof: paths without a scheme and `file://` are on the disk, `s3://` is with
/// the endpoint whose prefix is the longest.
///
///     let stores = ObjectStores([
///       S3Configuration(prefix: "s3://archive/", profile: "archive"),
///       S3Configuration(prefix: "s3://lab/", endpoint: "http://127.0.0.1:9000"),
///     ])
///
/// All other buckets are where the environment says. An endpoint is set up, and its keys are looked
/// for, when it is first needed.
public struct ObjectStores: ObjectStore {
  private let shared: Shared
  private var activities: [StorageActivity] = []

  private final class Shared: Sendable {
    /// The last is for all that no other is for.
    let configurations: [S3Configuration]
    let environment: ProcessEnvironment
    /// By position in `configurations`.
    let clients = Mutex<[Int: S3Client]>([:])

    init(_ configurations: [S3Configuration], _ environment: ProcessEnvironment) {
      self.configurations = configurations + [S3Configuration()]
      self.environment = environment
    }
  }

  public init(_ configurations: [S3Configuration] = []) {
    self.init(configurations, environment: ProcessEnvironment())
  }

  init(_ configurations: [S3Configuration], environment: ProcessEnvironment) {
    shared = Shared(configurations, environment)
  }

  public func counting(in activity: StorageActivity) -> any ObjectStore {
    var stores = self
    stores.activities.append(activity)
    return stores
  }

  /// Returns the store of a path, and what it calls the path.
  private func place(_ path: ObjectPath) throws(StorageError) -> (any ObjectStore, ObjectPath) {
    guard let scheme = path.scheme else { return (LocalObjectStore(), path) }
    if scheme == "file" { return (LocalObjectStore(), ObjectPath(String(path.text.dropFirst(7)))) }
    guard S3Location.schemes.contains(scheme) else {
      throw StorageError(
        .misconfigured("'\(scheme)' is no scheme of a store; s3 and file are"),
        path
      )
    }
    return (S3ObjectStore(client: try client(for: path), activities: activities), path)
  }

  private func client(for path: ObjectPath) throws(StorageError) -> S3Client {
    let configurations = shared.configurations
    let plain = ObjectStores.plain(path)
    var best = configurations.count - 1
    var bestLength = -1
    for (index, configuration) in configurations.enumerated() {
      let prefix = ObjectStores.plain(ObjectPath(configuration.prefix))
      if plain.isWithin(prefix), prefix.text.utf8.count > bestLength {
        best = index
        bestLength = prefix.text.utf8.count
      }
    }
    return try shared.clients.withLock { clients throws(StorageError) in
      if let known = clients[best] { return known }
      let made = try configurations[best].makeClient(shared.environment)
      clients[best] = made
      return made
    }
  }

  /// The path with the plain one of the schemes that mean the same.
  private static func plain(_ path: ObjectPath) -> ObjectPath {
    guard let scheme = path.scheme, S3Location.schemes.contains(scheme) else { return path }
    return ObjectPath("s3" + path.text.dropFirst(scheme.count))
  }

  public func entry(at path: ObjectPath) throws(StorageError) -> ObjectEntry.Kind? {
    let (store, path) = try place(path)
    return try store.entry(at: path)
  }

  public func list(_ directory: ObjectPath) throws(StorageError) -> [ObjectEntry] {
    let (store, directory) = try place(directory)
    return try store.list(directory)
  }

  public func listAll(below directory: ObjectPath) throws(StorageError) -> [ObjectInfo] {
    let (store, directory) = try place(directory)
    return try store.listAll(below: directory)
  }

  public func open(_ path: ObjectPath, expecting expected: ObjectInfo?) throws(StorageError)
    -> any ObjectReader
  {
    let (store, path) = try place(path)
    return try store.open(path, expecting: expected)
  }

  public func put(
    _ path: ObjectPath,
    _ bytes: UnsafeRawBufferPointer,
    replacing: Bool
  ) throws(StorageError) -> ObjectInfo {
    let (store, path) = try place(path)
    return try store.put(path, bytes, replacing: replacing)
  }

  public func upload(to path: ObjectPath) throws(StorageError) -> any ObjectUpload {
    let (store, path) = try place(path)
    return try store.upload(to: path)
  }

  public func complete(_ prepared: PreparedObject) throws(StorageError) {
    try place(prepared.path).0.complete(prepared)
  }

  public func discard(_ prepared: PreparedObject) throws(StorageError) {
    try place(prepared.path).0.discard(prepared)
  }

  public func remove(_ path: ObjectPath) throws(StorageError) {
    let (store, path) = try place(path)
    try store.remove(path)
  }
}
