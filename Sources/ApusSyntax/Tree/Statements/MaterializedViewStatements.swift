public import ApusValues

/// Is `CREATE MATERIALIZED VIEW v AS SELECT …`.
public struct CreateMaterializedViewStatement: SyntaxNode {
  public var orReplace: Bool
  public var ifNotExists: Bool
  public var name: QualifiedName
  public var gracePeriod: IntervalLiteral?
  public var comment: StringLiteral?
  public var properties: [TableProperty]
  public var query: Query
  @SourcePlace public var range: SourceRange

  public init(
    orReplace: Bool = false,
    ifNotExists: Bool = false,
    name: QualifiedName,
    gracePeriod: IntervalLiteral? = nil,
    comment: StringLiteral? = nil,
    properties: [TableProperty] = [],
    query: Query,
    range: SourceRange
  ) {
    self.orReplace = orReplace
    self.ifNotExists = ifNotExists
    self.name = name
    self.gracePeriod = gracePeriod
    self.comment = comment
    self.properties = properties
    self.query = query
    self.range = range
  }
}

/// Is `REFRESH MATERIALIZED VIEW v`.
public struct RefreshMaterializedViewStatement: SyntaxNode {
  public var name: QualifiedName
  @SourcePlace public var range: SourceRange

  public init(name: QualifiedName, range: SourceRange) {
    self.name = name
    self.range = range
  }
}

/// Is `DROP MATERIALIZED VIEW [IF EXISTS] v`.
public struct DropMaterializedViewStatement: SyntaxNode {
  public var ifExists: Bool
  public var name: QualifiedName
  @SourcePlace public var range: SourceRange

  public init(ifExists: Bool = false, name: QualifiedName, range: SourceRange) {
    self.ifExists = ifExists
    self.name = name
    self.range = range
  }
}
