public import ApusValues

/// Is `CREATE TABLE t WITH (format = 'PARQUET') AS SELECT …`.
public struct CreateTableAsStatement: SyntaxNode {
  public var ifNotExists: Bool
  public var name: QualifiedName
  /// The names of the columns, if they are not to be the query's.
  public var columnAliases: [Identifier]
  public var comment: StringLiteral?
  /// What stands after WITH.
  public var properties: [TableProperty]
  public var query: Query
  /// False after WITH NO DATA: the table stays empty.
  public var withData: Bool
  @SourcePlace public var range: SourceRange

  public init(
    ifNotExists: Bool = false,
    name: QualifiedName,
    columnAliases: [Identifier] = [],
    comment: StringLiteral? = nil,
    properties: [TableProperty] = [],
    query: Query,
    withData: Bool = true,
    range: SourceRange
  ) {
    self.ifNotExists = ifNotExists
    self.name = name
    self.columnAliases = columnAliases
    self.comment = comment
    self.properties = properties
    self.query = query
    self.withData = withData
    self.range = range
  }
}

/// Is `partitioned_by = ARRAY['year']`.
public struct TableProperty: SyntaxNode {
  public var name: Identifier
  public var value: Expression
  @SourcePlace public var range: SourceRange

  public init(name: Identifier, value: Expression, range: SourceRange) {
    self.name = name
    self.value = value
    self.range = range
  }
}

/// Is `INSERT INTO t [(a, b)] SELECT …`.
public struct InsertStatement: SyntaxNode {
  public var table: QualifiedName
  /// The columns the query's columns go to, in order; empty for all of the table's.
  public var columns: [Identifier]
  public var query: Query
  @SourcePlace public var range: SourceRange

  public init(
    table: QualifiedName,
    columns: [Identifier] = [],
    query: Query,
    range: SourceRange
  ) {
    self.table = table
    self.columns = columns
    self.query = query
    self.range = range
  }
}

/// Is `ANALYZE t WITH (columns = ARRAY['a'])`.
public struct AnalyzeStatement: SyntaxNode {
  public var table: TableName
  public var properties: [TableProperty]
  @SourcePlace public var range: SourceRange

  public init(table: TableName, properties: [TableProperty] = [], range: SourceRange) {
    self.table = table
    self.properties = properties
    self.range = range
  }
}
