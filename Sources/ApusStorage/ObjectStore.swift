/// Named byte objects with ranges.
///
/// Paths of objects in buckets are whole URLs, as `s3://bucket/key`; all others are paths on disk.
/// All calls block; they are made from threads that may wait, never from a Swift task. Stores and
/// what they return may be used by several threads at once unless they say otherwise.
/// `checkObjectStore` of the tests holds every store to what is said here.
public protocol ObjectStore: Sendable {
  /// Says what is at `path` without reading it; nil if nothing is.
  func entry(at path: ObjectPath) throws(StorageError) -> ObjectEntry.Kind?

  /// Lists the entries of a directory, sorted by name in byte order.
  ///
  /// - Throws: `notFound` where directories are things of their own; a bucket lists nothing.
  func list(_ directory: ObjectPath) throws(StorageError) -> [ObjectEntry]

  /// Lists all objects at any depth below a directory, sorted by path in byte order; objects with a
  /// hidden name on their way below the directory are left out. Nothing there is an empty list.
  func listAll(below directory: ObjectPath) throws(StorageError) -> [ObjectInfo]

  /// Opens an object for reading.
  ///
  /// - Parameter expected: what a listing said of it. A store that knows an object by its size and
  ///   tag then asks for nothing more; reading throws `changed` if the object is another by now.
  func open(_ path: ObjectPath, expecting expected: ObjectInfo?) throws(StorageError)
    -> any ObjectReader

  /// Writes a whole object at once, atomically.
  ///
  /// - Parameter replacing: false makes an object that is there already an error, `alreadyExists`;
  ///   of several writers at once one then wins.
  @discardableResult
  func put(
    _ path: ObjectPath,
    _ bytes: UnsafeRawBufferPointer,
    replacing: Bool
  ) throws(StorageError) -> ObjectInfo

  /// Begins to write an object of unknown size; nobody sees it before `complete`.
  func upload(to path: ObjectPath) throws(StorageError) -> any ObjectUpload

  /// Makes a prepared object visible under its path. Repeatable, by any process: what is complete
  /// already stays so.
  ///
  /// - Throws: `notFound` if the object is neither prepared nor complete.
  func complete(_ prepared: PreparedObject) throws(StorageError)

  /// Throws a prepared object away. Repeatable; what is complete already stays.
  func discard(_ prepared: PreparedObject) throws(StorageError)

  /// Removes an object; one that is not there is no error.
  func remove(_ path: ObjectPath) throws(StorageError)

  /// Returns the same store, whose requests `activity` counts too.
  func counting(in activity: StorageActivity) -> any ObjectStore
}

extension ObjectStore {
  /// Opens an object of which nothing is known but its path.
  public func open(_ path: ObjectPath) throws(StorageError) -> any ObjectReader {
    try open(path, expecting: nil)
  }
}

/// An entry of a directory.
public struct ObjectEntry: Hashable, Sendable {
  public enum Kind: Sendable, Hashable {
    case object
    case directory
  }

  public var name: String
  public var kind: Kind
  /// Whether it only points to what `kind` says, so that following it may lead in a circle.
  public var isLink: Bool
  /// What the listing says of an object beside its name.
  public var info: ObjectInfo?

  public init(name: String, kind: Kind, isLink: Bool = false, info: ObjectInfo? = nil) {
    self.name = name
    self.kind = kind
    self.isLink = isLink
    self.info = info
  }

  /// Whether data lakes leave the entry out: `_SUCCESS`, `_temporary`, `.crc`.
  public var isHidden: Bool { ObjectEntry.isHidden(name) }

  /// Whether data lakes leave out what has this name.
  public static func isHidden(_ name: some StringProtocol) -> Bool {
    name.hasPrefix("_") || name.hasPrefix(".")
  }
}

/// An object opened for reading.
public protocol ObjectReader: Sendable {
  var info: ObjectInfo { get }

  /// Whether a request takes so long that it is worth to ask ahead, and for more than is needed.
  var isRemote: Bool { get }

  /// Begins to fill the buffers of `reads`, all at once where the store can; reads near each other
  /// may become one request. The buffers must stay until `wait` has returned or thrown.
  func start(_ reads: [ObjectRead]) -> any PendingRead
}

extension ObjectReader {
  /// Fills `buffer` with the bytes from `offset`, which must lie within the object.
  public func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer)
    throws(StorageError)
  {
    try start([ObjectRead(offset: offset, buffer: buffer)]).wait()
  }
}

/// A range of an object and where its bytes go.
///
/// Safety: the buffer belongs to whoever waits for the read; until then only the store writes to it.
public struct ObjectRead: @unchecked Sendable {
  /// The position of the first byte.
  public var offset: Int
  public var buffer: UnsafeMutableRawBufferPointer

  public init(offset: Int, buffer: UnsafeMutableRawBufferPointer) {
    self.offset = offset
    self.buffer = buffer
  }

  public var range: Range<Int> { offset..<offset + buffer.count }
}

/// Bytes on their way. Letting go of it unwaited gives the read up.
public protocol PendingRead: AnyObject, Sendable {
  /// Blocks until all buffers are full, or until they never will be and are no longer written to.
  ///
  /// - Throws: the first error; a body cut short is `truncated`, another object `changed`.
  func wait() throws(StorageError)

  /// Asks the store to stop; `wait` then throws soon.
  func cancel()
}

/// An object being written. Used by one thread at a time.
public protocol ObjectUpload: AnyObject, Sendable {
  /// How it would be thrown away now; once `finish` has returned, how it is completed.
  var prepared: PreparedObject { get }

  /// Adds bytes at the end; keeps no pointer to them.
  func append(_ bytes: UnsafeRawBufferPointer) throws(StorageError)

  /// Brings all bytes where `complete` needs nothing but what is returned here.
  func finish() throws(StorageError) -> PreparedObject
}

/// An object whose bytes are stored and that nobody sees yet; survives the process as text.
public struct PreparedObject: Hashable, Sendable {
  public var path: ObjectPath
  /// In bytes.
  public var size: Int
  /// What the store needs to complete or discard it; opaque, without secrets.
  public var token: String

  public init(path: ObjectPath, size: Int, token: String) {
    self.path = path
    self.size = size
    self.token = token
  }
}
