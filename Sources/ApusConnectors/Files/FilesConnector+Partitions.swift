public import ApusPlanner
public import ApusStorage
public import ApusValues

extension FilesConnector {
  /// What lies in a table's directory where its partitions should.
  public struct PartitionDirectories: Sendable {
    /// One value for each key, as the directories' names have it; nil is NULL.
    public var partitions: [(values: [String?], location: ObjectPath)] = []
    /// Directories that stand for no partition.
    public var others: [ObjectPath] = []
  }

  /// Finds the directories of partitions, one listing for each directory above the last level.
  ///
  /// - Parameters:
  ///   - keys: the partition columns, in lower case, outermost first; directories may spell
  ///     them with capitals.
  ///   - check: called before each listing; what it throws ends the search.
  public func partitionDirectories(
    of location: ObjectPath,
    keys: [String],
    check: @escaping @Sendable () throws(SQLError) -> Void
  ) throws(SQLError) -> PartitionDirectories {
    var found = PartitionDirectories()
    var level: [(values: [String?], location: ObjectPath)] = [([], location)]
    for key in keys {
      var next: [(values: [String?], location: ObjectPath)] = []
      let names = try concurrently(
        level.count,
        limit: requestLimit(for: location)
      ) { [level] index throws(SQLError) in
        try check()
        return try directoryNames(in: level[index].location)
      }
      for ((values, directory), names) in zip(level, names) {
        for name in names {
          let inner = directory.appending(name).asDirectory
          if let assignment = HivePartitionPath.assignment(in: name), assignment.key == key {
            next.append((values + [assignment.value], inner))
          } else {
            found.others.append(inner)
          }
        }
      }
      level = next
    }
    found.partitions = level
    return found
  }

  /// Returns the table of the partitions of the files at a path, a row each; nil if they have none.
  public func partitionsTable(atPath path: String) throws(SQLError) -> (any Table)? {
    guard let table = try table(atPath: path, preferring: [:]) as? FilesTable else { return nil }
    let fields = table.visibleFields.dropFirst(table.fileColumnCount)
    guard !fields.isEmpty else { return nil }
    return ComputedTable(Schema(Array(fields))) { _ throws(SQLError) in
      var seen: Set<[Value]> = []
      return try table.files(for: [:]).files.map(\.values).filter { seen.insert($0).inserted }
    }
  }

  /// The names of the directories in a directory but hidden ones; none if it is not there.
  private func directoryNames(in directory: ObjectPath) throws(SQLError) -> [String] {
    do {
      return try store.list(directory).filter { $0.kind == .directory && !$0.isHidden }
        .map(\.name)
    } catch {
      if error.reason == .notFound { return [] }
      throw error.sqlError
    }
  }

  /// The columns that files below a directory have, by the footer of the first; nil without files.
  ///
  /// - Parameter partitionColumns: names, in lower case, that directories decide over.
  /// - Returns: the columns, and why some cannot be read, by position.
  public func columns(ofFilesBelow directory: ObjectPath, without partitionColumns: Set<String>)
    throws(SQLError) -> (fields: [Field], obstacles: [Int: String])?
  {
    guard let first = try dataFiles(below: directory).first else { return nil }
    return FilesTable.columns(of: try footer(of: first), without: partitionColumns)
  }
}
