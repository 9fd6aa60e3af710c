/// Named byte objects with ranges.
///
/// All calls block; they are made from threads that may wait, never from a Swift task.
public protocol ObjectStore: Sendable {
  /// Says what is at `path` without reading it; nil if nothing is.
  func entry(at path: ObjectPath) throws(StorageError) -> ObjectEntry.Kind?

  /// Lists the entries of a directory, sorted by name in byte order.
  func list(_ directory: ObjectPath) throws(StorageError) -> [ObjectEntry]

  /// Opens an object for reading.
  func open(_ path: ObjectPath) throws(StorageError) -> any ObjectReader
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

  public init(name: String, kind: Kind, isLink: Bool = false) {
    self.name = name
    self.kind = kind
    self.isLink = isLink
  }

  /// Whether data lakes leave the entry out: `_SUCCESS`, `_temporary`, `.crc`.
  public var isHidden: Bool { name.hasPrefix("_") || name.hasPrefix(".") }
}

/// An object opened for reading; may be used by several threads at once.
public protocol ObjectReader: Sendable {
  var info: ObjectInfo { get }

  /// Fills `buffer` with the bytes from `offset`, which must lie within the object.
  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(StorageError)
}
