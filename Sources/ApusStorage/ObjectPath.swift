/// The name of an object in a store: a path on disk, a key in a bucket.
public struct ObjectPath: Hashable, Sendable, Comparable, CustomStringConvertible {
  public var text: String

  public init(_ text: String) { self.text = text }

  /// What follows the last slash.
  public var name: Substring {
    guard let slash = text.lastIndex(of: "/") else { return text[...] }
    return text[text.index(after: slash)...]
  }

  /// Returns the path of an entry of this directory.
  public func appending(_ name: some StringProtocol) -> ObjectPath {
    if text.isEmpty { return ObjectPath(String(name)) }
    return ObjectPath(text.hasSuffix("/") ? text + name : text + "/" + name)
  }

  public static func < (left: ObjectPath, right: ObjectPath) -> Bool { left.text < right.text }

  public var description: String { text }
}
