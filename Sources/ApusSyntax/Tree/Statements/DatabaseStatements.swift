public import ApusValues

/// Is `CREATE DATABASE [IF NOT EXISTS] d …`; CREATE SCHEMA is the same.
public struct CreateDatabaseStatement: SyntaxNode {
  public var ifNotExists: Bool
  public var name: QualifiedName
  public var comment: StringLiteral?
  /// The folder of its tables.
  public var location: StringLiteral?
  /// What stands after WITH DBPROPERTIES.
  public var properties: [TextProperty]
  @SourcePlace public var range: SourceRange

  public init(
    ifNotExists: Bool = false,
    name: QualifiedName,
    comment: StringLiteral? = nil,
    location: StringLiteral? = nil,
    properties: [TextProperty] = [],
    range: SourceRange
  ) {
    self.ifNotExists = ifNotExists
    self.name = name
    self.comment = comment
    self.location = location
    self.properties = properties
    self.range = range
  }
}

/// Is `DROP DATABASE [IF EXISTS] d [RESTRICT | CASCADE]`; DROP SCHEMA is the same.
public struct DropDatabaseStatement: SyntaxNode {
  public var ifExists: Bool
  public var name: QualifiedName
  /// Whether its tables go too; without CASCADE there must be none.
  public var isCascade: Bool
  @SourcePlace public var range: SourceRange

  public init(
    ifExists: Bool = false,
    name: QualifiedName,
    isCascade: Bool = false,
    range: SourceRange
  ) {
    self.ifExists = ifExists
    self.name = name
    self.isCascade = isCascade
    self.range = range
  }
}

/// Is `'classification' = 'parquet'`, as in TBLPROPERTIES, DBPROPERTIES and SERDEPROPERTIES.
public struct TextProperty: SyntaxNode {
  public var key: StringLiteral
  public var value: StringLiteral
  @SourcePlace public var range: SourceRange

  public init(key: StringLiteral, value: StringLiteral, range: SourceRange) {
    self.key = key
    self.value = value
    self.range = range
  }
}
