import Glibc

extension ObjectPath {
  /// The path that leads to the same place as this one and is the same for all that do: from the root
  /// on, links followed as far as they exist. A URL stays as it is.
  public var canonical: ObjectPath {
    guard scheme == nil else { return self }
    var existing = text.isEmpty ? "." : text
    var rest: [Substring] = []
    while true {
      if let resolved = realpath(existing, nil) {
        defer { free(resolved) }
        return rest.reversed().reduce(ObjectPath(String(cString: resolved))) { $0.appending($1) }
      }
      var steps = existing.split(separator: "/", omittingEmptySubsequences: true)
      guard let last = steps.popLast() else { return self }
      rest.append(last)
      existing = (existing.hasPrefix("/") ? "/" : "") + steps.joined(separator: "/")
      if existing.isEmpty { existing = "." }
    }
  }
}

extension GlobPattern {
  /// The directory below which all that a path or pattern names lies.
  public static func directory(of path: ObjectPath) -> ObjectPath {
    let steps = path.text.dropFirst(path.root.text.count).split(separator: "/")
    return steps.prefix { !isPattern(String($0)) }.reduce(path.root) { $0.appending($1) }
  }
}
