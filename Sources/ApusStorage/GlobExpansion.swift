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
  ) throws(StorageError) -> [ObjectInfo] {
    var found: [ObjectPath: ObjectInfo] = [:]
    for pattern in patterns {
      try expand(pattern.segments[...], in: pattern.root, isKnown: true, visit, into: &found)
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
