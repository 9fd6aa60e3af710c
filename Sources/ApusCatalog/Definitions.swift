public import ApusStorage

/// A database: a name for tables.
public struct DatabaseDefinition: Sendable, Hashable {
  public var name: String
  public var comment: String?
  /// Where tables without a location of their own go; nil is the warehouse's choice.
  public var location: String?
  public var properties: [String: String]
  public var owner: String

  public init(
    name: String,
    comment: String? = nil,
    location: String? = nil,
    properties: [String: String] = [:],
    owner: String
  ) {
    self.name = name
    self.comment = comment
    self.location = location
    self.properties = properties
    self.owner = owner
  }
}

/// The full name of a table or view, in lower case.
public struct RelationName: Hashable, Sendable, CustomStringConvertible {
  public var database: String
  public var name: String

  public init(database: String, name: String) {
    self.database = database
    self.name = name
  }

  public var description: String { "\(database).\(name)" }
}

/// A column as it was declared.
public struct CatalogColumn: Sendable, Hashable {
  public var name: String
  /// In Hive's spelling for tables, in Trino's for views.
  public var type: String
  public var comment: String?

  public init(name: String, type: String, comment: String? = nil) {
    self.name = name
    self.type = type
    self.comment = comment
  }
}

/// A table over files.
public struct TableDefinition: Sendable, Hashable {
  /// Names the table within the catalog's file; 0 before it is made.
  public var id: Int64
  public var name: RelationName
  public var columns: [CatalogColumn]
  public var partitionColumns: [CatalogColumn]
  public var location: ObjectPath
  /// How the files are read: `format`, `serde`, `inputformat`, `outputformat`, and the SerDe's own
  /// properties as `serde.KEY`.
  public var storage: [String: String]
  /// TBLPROPERTIES.
  public var properties: [String: String]
  public var comment: String?
  public var owner: String
  /// When it was made, in seconds since 1970; 0 before it is.
  public var createdAt: Int64
  /// The transaction that has made it with its first files; nil if it was declared.
  public var madeBy: Int64?

  public init(
    id: Int64 = 0,
    name: RelationName,
    columns: [CatalogColumn],
    partitionColumns: [CatalogColumn] = [],
    location: ObjectPath,
    storage: [String: String] = [:],
    properties: [String: String] = [:],
    comment: String? = nil,
    owner: String,
    createdAt: Int64 = 0,
    madeBy: Int64? = nil
  ) {
    self.id = id
    self.name = name
    self.columns = columns
    self.partitionColumns = partitionColumns
    self.location = location
    self.storage = storage
    self.properties = properties
    self.comment = comment
    self.owner = owner
    self.createdAt = createdAt
    self.madeBy = madeBy
  }
}

/// A partition of a table.
public struct PartitionDefinition: Sendable, Hashable {
  /// One for each partition column, in the shape that compares as the values do; nil is NULL.
  public var values: [String?]
  public var location: ObjectPath

  public init(values: [String?], location: ObjectPath) {
    self.values = values
    self.location = location
  }
}

/// A stored query.
public struct ViewDefinition: Sendable, Hashable {
  public var name: RelationName
  /// The query's text, as it was written.
  public var query: String
  /// The columns when the view was made, types in Trino's spelling.
  public var columns: [CatalogColumn]
  /// The current schema when the view was made: where its query's bare names are looked up.
  public var schema: String
  public var owner: String

  public init(
    name: RelationName,
    query: String,
    columns: [CatalogColumn],
    schema: String,
    owner: String
  ) {
    self.name = name
    self.query = query
    self.columns = columns
    self.schema = schema
    self.owner = owner
  }
}

/// What a name in a database stands for.
public enum RelationDefinition: Sendable {
  case table(TableDefinition)
  case view(ViewDefinition)
}
