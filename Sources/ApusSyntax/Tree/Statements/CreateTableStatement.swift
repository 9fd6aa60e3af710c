public import ApusValues

/// Is `CREATE EXTERNAL TABLE t (a int) … LOCATION 's3://…'`.
///
/// Without EXTERNAL it is a table of Iceberg.
public struct CreateTableStatement: SyntaxNode {
  public var isExternal: Bool
  public var ifNotExists: Bool
  public var name: QualifiedName
  /// Those in the files, without those of the partitions; empty if the statement says none.
  public var columns: [ColumnDeclaration]
  public var comment: StringLiteral?
  public var partitionedBy: [PartitionElement]
  public var buckets: BucketClause?
  public var rowFormat: RowFormat?
  /// What stands after WITH SERDEPROPERTIES, wherever that stands.
  public var serdeProperties: [TextProperty]
  public var storedAs: StorageFormat?
  public var location: StringLiteral
  /// What stands after TBLPROPERTIES.
  public var properties: [TextProperty]
  @SourcePlace public var range: SourceRange

  public init(
    isExternal: Bool = true,
    ifNotExists: Bool = false,
    name: QualifiedName,
    columns: [ColumnDeclaration] = [],
    comment: StringLiteral? = nil,
    partitionedBy: [PartitionElement] = [],
    buckets: BucketClause? = nil,
    rowFormat: RowFormat? = nil,
    serdeProperties: [TextProperty] = [],
    storedAs: StorageFormat? = nil,
    location: StringLiteral,
    properties: [TextProperty] = [],
    range: SourceRange
  ) {
    self.isExternal = isExternal
    self.ifNotExists = ifNotExists
    self.name = name
    self.columns = columns
    self.comment = comment
    self.partitionedBy = partitionedBy
    self.buckets = buckets
    self.rowFormat = rowFormat
    self.serdeProperties = serdeProperties
    self.storedAs = storedAs
    self.location = location
    self.properties = properties
    self.range = range
  }
}

/// Is `price decimal(12, 2) COMMENT 'in euros'`.
public struct ColumnDeclaration: SyntaxNode {
  public var name: Identifier
  /// In the spelling of the statement, which is Hive's: `string`, `int`, `struct<a:int>`.
  public var type: TypeName
  public var comment: StringLiteral?
  @SourcePlace public var range: SourceRange

  public init(
    name: Identifier,
    type: TypeName,
    comment: StringLiteral? = nil,
    range: SourceRange
  ) {
    self.name = name
    self.type = type
    self.comment = comment
    self.range = range
  }
}

/// Is what a table is partitioned by.
public enum PartitionElement: SyntaxNode {
  /// `year int`: a column that is in the paths and not in the files.
  case column(ColumnDeclaration)
  /// `day(at)`: made of a column of the table; Iceberg's.
  case transform(PartitionTransform)

  public var range: SourceRange {
    switch self {
    case .column(let node): node.range
    case .transform(let node): node.range
    }
  }
}

/// Is `day(at)`, `bucket(16, id)`, or `region` alone, which is the column as it is.
public struct PartitionTransform: SyntaxNode {
  public var function: Identifier?
  /// The 16 of `bucket(16, id)`.
  public var width: Int?
  public var column: Identifier
  @SourcePlace public var range: SourceRange

  public init(
    function: Identifier? = nil,
    width: Int? = nil,
    column: Identifier,
    range: SourceRange
  ) {
    self.function = function
    self.width = width
    self.column = column
    self.range = range
  }
}

/// Is `CLUSTERED BY (a) [SORTED BY (b DESC)] INTO 8 BUCKETS`.
public struct BucketClause: SyntaxNode {
  public var columns: [Identifier]
  public var sortedBy: [SortedColumn]
  public var count: Int
  @SourcePlace public var range: SourceRange

  public init(
    columns: [Identifier],
    sortedBy: [SortedColumn] = [],
    count: Int,
    range: SourceRange
  ) {
    self.columns = columns
    self.sortedBy = sortedBy
    self.count = count
    self.range = range
  }
}

/// Is `b DESC` in SORTED BY.
public struct SortedColumn: SyntaxNode {
  public var name: Identifier
  public var isDescending: Bool
  @SourcePlace public var range: SourceRange

  public init(name: Identifier, isDescending: Bool = false, range: SourceRange) {
    self.name = name
    self.isDescending = isDescending
    self.range = range
  }
}

/// Says how the rows of a file are written, after ROW FORMAT.
public enum RowFormat: SyntaxNode {
  /// The class that reads and writes them: `SERDE 'org.openx.data.jsonserde.JsonSerDe'`.
  case serde(StringLiteral)
  case delimited(DelimitedFormat)

  public var range: SourceRange {
    switch self {
    case .serde(let node): node.range
    case .delimited(let node): node.range
    }
  }
}

/// Is `DELIMITED FIELDS TERMINATED BY ','` and its like; nil is what was not said.
public struct DelimitedFormat: SyntaxNode {
  public var fieldsTerminatedBy: StringLiteral?
  public var escapedBy: StringLiteral?
  public var collectionItemsTerminatedBy: StringLiteral?
  public var mapKeysTerminatedBy: StringLiteral?
  public var linesTerminatedBy: StringLiteral?
  public var nullDefinedAs: StringLiteral?
  @SourcePlace public var range: SourceRange

  public init(
    fieldsTerminatedBy: StringLiteral? = nil,
    escapedBy: StringLiteral? = nil,
    collectionItemsTerminatedBy: StringLiteral? = nil,
    mapKeysTerminatedBy: StringLiteral? = nil,
    linesTerminatedBy: StringLiteral? = nil,
    nullDefinedAs: StringLiteral? = nil,
    range: SourceRange
  ) {
    self.fieldsTerminatedBy = fieldsTerminatedBy
    self.escapedBy = escapedBy
    self.collectionItemsTerminatedBy = collectionItemsTerminatedBy
    self.mapKeysTerminatedBy = mapKeysTerminatedBy
    self.linesTerminatedBy = linesTerminatedBy
    self.nullDefinedAs = nullDefinedAs
    self.range = range
  }
}

/// Says how files are written, after STORED AS.
public enum StorageFormat: Hashable, Sendable {
  /// `PARQUET`, in lower case as names are; whether there is such a format, the execution says.
  case format(Identifier)
  /// The classes of Hive that read and write: `INPUTFORMAT '…' OUTPUTFORMAT '…'`.
  case classes(input: StringLiteral, output: StringLiteral)
}
