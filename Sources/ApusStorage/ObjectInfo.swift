/// What a store says of an object without its bytes.
public struct ObjectInfo: Hashable, Sendable {
  public var path: ObjectPath
  /// In bytes.
  public var size: Int
  /// Changes whenever the content does; opaque. On disk: modification time, size and inode.
  public var tag: String
  /// When the content changed last, in milliseconds since 1970-01-01 00:00 UTC, where the store said
  /// so. The tag tells contents apart, not this.
  public var modifiedMilliseconds: Int64?

  public init(path: ObjectPath, size: Int, tag: String, modifiedMilliseconds: Int64? = nil) {
    self.path = path
    self.size = size
    self.tag = tag
    self.modifiedMilliseconds = modifiedMilliseconds
  }

  public static func == (left: ObjectInfo, right: ObjectInfo) -> Bool {
    left.path == right.path && left.size == right.size && left.tag == right.tag
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(path)
    hasher.combine(size)
    hasher.combine(tag)
  }
}
