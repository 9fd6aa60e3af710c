extension ObjectStore {
  /// Returns the objects that a pattern names, sorted, each once.
  ///
  /// Lists only directories that a wildcard stands in; names that start with `_` or `.` are left
  /// out wherever a wildcard would match them.
  ///
  /// - Parameter visit: called with each directory that a wildcard has matched; false leaves the
  ///   directory unlisted. This is how partitions are pruned before they are read.
  public func expand(
    _ patterns: [GlobPattern],
    visit: (ObjectPath) -> Bool = { _ in true }
  ) throws(StorageError) -> [ObjectPath] {
    var found: Set<ObjectPath> = []
    for pattern in patterns {
      try expand(pattern.segments[...], in: pattern.root, isKnown: true, visit, into: &found)
    }
    return found.sorted()
  }

  /// - Parameter isKnown: whether a listing has shown that `path` exists.
  private func expand(
    _ segments: ArraySlice<GlobPattern.Segment>,
    in path: ObjectPath,
    isKnown: Bool,
    _ visit: (ObjectPath) -> Bool,
    into found: inout Set<ObjectPath>
  ) throws(StorageError) {
    guard let segment = segments.first else {
      if isKnown {
        found.insert(path)
      } else if let kind = try entry(at: path) {
        switch kind {
        case .object: found.insert(path)
        case .directory: try objects(below: path, visit, into: &found)
        }
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
          if rest.isEmpty { found.insert(child) }
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

  /// Collects all objects at any depth below a directory, hidden names left out.
  public func objects(
    below directory: ObjectPath,
    visit: (ObjectPath) -> Bool = { _ in true }
  ) throws(StorageError) -> [ObjectPath] {
    var found: Set<ObjectPath> = []
    try objects(below: directory, visit, into: &found)
    return found.sorted()
  }

  private func objects(
    below directory: ObjectPath,
    _ visit: (ObjectPath) -> Bool,
    into found: inout Set<ObjectPath>
  ) throws(StorageError) {
    for entry in try listIfThere(directory) where !entry.isHidden {
      let child = directory.appending(entry.name)
      switch entry.kind {
      case .object: found.insert(child)
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
