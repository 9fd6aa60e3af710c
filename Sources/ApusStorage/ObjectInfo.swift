/// What a store says of an object without its bytes.
public struct ObjectInfo: Hashable, Sendable {
  public var path: ObjectPath
  /// In bytes.
  public var size: Int
  /// Changes whenever the content does; opaque. On disk: modification time, size and inode.
  public var tag: String

  public init(path: ObjectPath, size: Int, tag: String) {
    self.path = path
    self.size = size
    self.tag = tag
  }
}
