public import ApusStorage
public import ApusValues

/// What a catalog says of a table over files.
public struct DeclaredTable: Sendable {
  /// As messages name it.
  public var name: String
  /// Columns that lie in the files.
  public var columns: [Field]
  /// Why columns cannot be read, by position in `columns`.
  public var obstacles: [Int: String]
  public var partitionColumns: [Field]
  public var location: ObjectPath
  public var partitions: [DeclaredPartition]

  public init(
    name: String,
    columns: [Field],
    obstacles: [Int: String] = [:],
    partitionColumns: [Field],
    location: ObjectPath,
    partitions: [DeclaredPartition]
  ) {
    self.name = name
    self.columns = columns
    self.obstacles = obstacles
    self.partitionColumns = partitionColumns
    self.location = location
    self.partitions = partitions
  }
}

/// A partition and where its files are.
public struct DeclaredPartition: Sendable {
  /// One for each partition column, of its type.
  public var values: [Value]
  public var location: ObjectPath

  public init(values: [Value], location: ObjectPath) {
    self.values = values
    self.location = location
  }
}
