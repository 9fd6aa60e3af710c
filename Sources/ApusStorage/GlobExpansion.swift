extension ObjectStore {
  /// Returns the objects that a pattern names, sorted, each once.
  ///
  /// Lists only directories that a wildcard stands in; names that start with `_` or `.` are left
  /// out wherever a wildcard would match them. In a bucket, where one request lists a thousand
  /// objects at any depth, all below the first wildcard is listed at once if nothing but wildcards
  /// follows.
  ///
  /// - Parameter visit: called with each directory that a wildcard has matched; false leaves the
  ///   directory unlisted. This is how partitions are pruned before they are read.
  public func expand(
    _ patterns: [GlobPattern],
    visit: (ObjectPath) -> Bool = { _ in true }
  ) throws(StorageError) -> [ObjectInfo] {
    var found: [ObjectPath: ObjectInfo] = [:]
    for pattern in patterns {
      if let directory = pattern.flatDirectory {
        for info in try listAll(below: directory)
        where pattern.matches(info.path, visit) {
          found[info.path] = info
        }
      } else {
        try expand(pattern.segments[...], in: pattern.root, isKnown: true, visit, into: &found)
      }
    }
    return found.values.sorted { $0.path < $1.path }
  }

  /// - Parameter isKnown: whether a listing has shown that `path` is a directory.
  private func expand(
    _ segments: ArraySlice<GlobPattern.Segment>,
    in path: ObjectPath,
    isKnown: Bool,
    _ visit: (ObjectPath) -> Bool,
    into found: inout [ObjectPath: ObjectInfo]
  ) throws(StorageError) {
    guard let segment = segments.first else {
      switch isKnown ? .directory : try entry(at: path) {
      case .object?: found[path] = try open(path).info
      case .directory?: try objects(below: path, visit, into: &found)
      case nil: break
      }
      return
    }
    let rest = segments.dropFirst()
    switch segment {
    case .literal(let name):
      try expand(rest, in: path.appending(name), isKnown: false, visit, into: &found)
    case .pattern(let tokens):
      for entry in try listIfThere(path)
      where !entry.isHidden && GlobPattern.matches(entry.name, tokens) {
        let child = path.appending(entry.name)
        switch entry.kind {
        case .object:
          if rest.isEmpty { found[child] = entry.info }
        case .directory:
          // A pattern that ends at a directory means what is in it.
          guard visit(child) else { continue }
          if rest.isEmpty {
            try objects(below: child, visit, into: &found)
          } else {
            try expand(rest, in: child, isKnown: true, visit, into: &found)
          }
        }
      }
    case .anyDirectories:
      if rest.isEmpty {
        try objects(below: path, visit, into: &found)
        return
      }
      try expand(rest, in: path, isKnown: true, visit, into: &found)
      for entry in try listIfThere(path)
      where !entry.isHidden && !entry.isLink && entry.kind == .directory {
        let child = path.appending(entry.name)
        if visit(child) { try expand(segments, in: child, isKnown: true, visit, into: &found) }
      }
    }
  }

  private func objects(
    below directory: ObjectPath,
    _ visit: (ObjectPath) -> Bool,
    into found: inout [ObjectPath: ObjectInfo]
  ) throws(StorageError) {
    for entry in try listIfThere(directory) where !entry.isHidden {
      let child = directory.appending(entry.name)
      switch entry.kind {
      case .object: found[child] = entry.info
      case .directory:
        // Links to directories are followed only where a pattern names them: they may go in circles.
        if !entry.isLink, visit(child) { try objects(below: child, visit, into: &found) }
      }
    }
  }

  /// Lists a directory; one that is not there, or is an object, has no entries.
  private func listIfThere(_ directory: ObjectPath) throws(StorageError) -> [ObjectEntry] {
    do {
      return try list(directory)
    } catch {
      if error.reason == .notFound { return [] }
      throw error
    }
  }
}

extension GlobPattern {
  /// The directory in a bucket below which only wildcards follow; nil if there is none.
  fileprivate var flatDirectory: ObjectPath? {
    guard root.scheme != nil,
      let first = segments.firstIndex(where: { !$0.isLiteral }),
      segments[first...].allSatisfy({ !$0.isLiteral })
    else { return nil }
    return segments[..<first].reduce(root) { path, segment in
      if case .literal(let name) = segment { path.appending(name) } else { path }
    }
  }

  /// Whether a pattern names an object, or a directory that the object is below.
  fileprivate func matches(_ path: ObjectPath, _ visit: (ObjectPath) -> Bool) -> Bool {
    let names = path.text.dropFirst(root.text.count).split(separator: "/")
    return matches(segments[...], names[...], in: root, visit)
  }

  private func matches(
    _ segments: ArraySlice<Segment>,
    _ names: ArraySlice<Substring>,
    in directory: ObjectPath,
    _ visit: (ObjectPath) -> Bool
  ) -> Bool {
    guard let segment = segments.first else { return true }
    guard let name = names.first else { return false }
    let child = directory.appending(name)
    let isDirectory = names.count > 1
    switch segment {
    case .literal(let expected):
      return name == expected && matches(segments.dropFirst(), names.dropFirst(), in: child, visit)
    case .pattern(let tokens):
      return !ObjectEntry.isHidden(name) && GlobPattern.matches(name, tokens)
        && (!isDirectory || visit(child))
        && matches(segments.dropFirst(), names.dropFirst(), in: child, visit)
    case .anyDirectories:
      if matches(segments.dropFirst(), names, in: directory, visit) { return true }
      return isDirectory && !ObjectEntry.isHidden(name) && visit(child)
        && matches(segments, names.dropFirst(), in: child, visit)
    }
  }
}

extension GlobPattern.Segment {
  fileprivate var isLiteral: Bool { if case .literal = self { true } else { false } }
}
