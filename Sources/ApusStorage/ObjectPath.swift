/// The name of an object in a store: a path on disk, or a bucket and key as `s3://lake/a/b.parquet`.
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

  /// What comes before the colon of `s3://lake/a`, in lower case; nil for a path on disk.
  public var scheme: String? {
    guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://"),
      colon > text.startIndex,
      text[..<colon].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) })
    else { return nil }
    return text[..<colon].lowercased()
  }

  /// The top from which the path goes down: `s3://lake/`, `/`, or nothing for a relative path.
  public var root: ObjectPath {
    guard let scheme else { return ObjectPath(text.hasPrefix("/") ? "/" : "") }
    let bucket = text.dropFirst(scheme.count + 3).prefix { $0 != "/" }
    let end = bucket.endIndex
    return ObjectPath(String(text[..<end]) + (end < text.endIndex ? "/" : ""))
  }

  /// The path as that of a directory: with one slash at its end, unless it is empty.
  public var asDirectory: ObjectPath {
    text.isEmpty || text.hasSuffix("/") ? self : ObjectPath(text + "/")
  }

  /// Whether the path is the directory or lies below it.
  public func isWithin(_ directory: ObjectPath) -> Bool {
    asDirectory.text.hasPrefix(directory.asDirectory.text)
  }

  /// Orders by the bytes of the text, as stores list.
  public static func < (left: ObjectPath, right: ObjectPath) -> Bool { left.text < right.text }

  public var description: String { text }
}
