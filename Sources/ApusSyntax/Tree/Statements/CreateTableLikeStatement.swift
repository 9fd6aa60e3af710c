public import ApusValues

/// Is `CREATE TABLE t LIKE u` or `CREATE TABLE t (LIKE u, a bigint)`.
public struct CreateTableLikeStatement: SyntaxNode {
  public var isExternal: Bool
  public var ifNotExists: Bool
  public var name: QualifiedName
  public var model: TableModel
  @SourcePlace public var range: SourceRange

  public init(
    isExternal: Bool = false,
    ifNotExists: Bool = false,
    name: QualifiedName,
    model: TableModel,
    range: SourceRange
  ) {
    self.isExternal = isExternal
    self.ifNotExists = ifNotExists
    self.name = name
    self.model = model
    self.range = range
  }
}

/// Says what a table is made like.
public enum TableModel: Hashable, Sendable {
  /// Hive's form: all of one table but its files.
  case table(QualifiedName, location: StringLiteral?, properties: [TextProperty])
  /// Trino's form: columns of tables, and others; at least one element is LIKE.
  case elements([TableElement], comment: StringLiteral?, properties: [TableProperty])
}

/// Is a column or `LIKE t INCLUDING PROPERTIES`.
public enum TableElement: SyntaxNode {
  case column(ColumnDeclaration)
  case like(LikeClause)

  public var range: SourceRange {
    switch self {
    case .column(let node): node.range
    case .like(let node): node.range
    }
  }
}

/// Is `LIKE t INCLUDING PROPERTIES`.
public struct LikeClause: SyntaxNode {
  public var table: QualifiedName
  public var includesProperties: Bool
  @SourcePlace public var range: SourceRange

  public init(table: QualifiedName, includesProperties: Bool = false, range: SourceRange) {
    self.table = table
    self.includesProperties = includesProperties
    self.range = range
  }
}
