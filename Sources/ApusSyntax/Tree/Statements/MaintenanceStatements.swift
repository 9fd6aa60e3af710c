public import ApusValues

/// Is `UNLOAD (SELECT …) TO 's3://bucket/' WITH (format = 'PARQUET')`.
public struct UnloadStatement: SyntaxNode {
  public var query: Query
  public var location: StringLiteral
  public var properties: [TableProperty]
  @SourcePlace public var range: SourceRange

  public init(
    query: Query,
    location: StringLiteral,
    properties: [TableProperty] = [],
    range: SourceRange
  ) {
    self.query = query
    self.location = location
    self.properties = properties
    self.range = range
  }
}

/// Is `OPTIMIZE t REWRITE DATA USING BIN_PACK WHERE …`.
public struct OptimizeStatement: SyntaxNode {
  public var table: QualifiedName
  public var `where`: Expression?
  @SourcePlace public var range: SourceRange

  public init(table: QualifiedName, where: Expression? = nil, range: SourceRange) {
    self.table = table
    self.where = `where`
    self.range = range
  }
}

/// Is `VACUUM t`.
public struct VacuumStatement: SyntaxNode {
  public var table: QualifiedName
  @SourcePlace public var range: SourceRange

  public init(table: QualifiedName, range: SourceRange) {
    self.table = table
    self.range = range
  }
}

/// Is `CALL system.sync(a => 1)`.
public struct CallStatement: SyntaxNode {
  public var name: QualifiedName
  public var arguments: [CallArgument]
  @SourcePlace public var range: SourceRange

  public init(name: QualifiedName, arguments: [CallArgument] = [], range: SourceRange) {
    self.name = name
    self.arguments = arguments
    self.range = range
  }
}

/// Is `1` or `a => 1`.
public struct CallArgument: SyntaxNode {
  public var name: Identifier?
  public var value: Expression
  @SourcePlace public var range: SourceRange

  public init(name: Identifier? = nil, value: Expression, range: SourceRange) {
    self.name = name
    self.value = value
    self.range = range
  }
}

/// Is `COMMENT ON TABLE t IS 'text'`.
public struct CommentStatement: SyntaxNode {
  public var subject: CommentSubject
  public var name: QualifiedName
  /// Nil for NULL, which takes the comment away.
  public var comment: StringLiteral?
  @SourcePlace public var range: SourceRange

  public init(
    subject: CommentSubject,
    name: QualifiedName,
    comment: StringLiteral? = nil,
    range: SourceRange
  ) {
    self.subject = subject
    self.name = name
    self.comment = comment
    self.range = range
  }
}

/// Says what a comment is on.
public enum CommentSubject: String, Hashable, Sendable, CaseIterable {
  case table = "TABLE"
  case view = "VIEW"
  case column = "COLUMN"
}

/// Is `SET TIME ZONE 'Europe/Madrid'` or `SET TIME ZONE LOCAL`.
public struct SetTimeZoneStatement: SyntaxNode {
  /// Nil for LOCAL.
  public var zone: Expression?
  @SourcePlace public var range: SourceRange

  public init(zone: Expression? = nil, range: SourceRange) {
    self.zone = zone
    self.range = range
  }
}

/// Is `SET PATH a.b, c`.
public struct SetPathStatement: SyntaxNode {
  /// Never empty.
  public var path: [QualifiedName]
  @SourcePlace public var range: SourceRange

  public init(path: [QualifiedName], range: SourceRange) {
    self.path = path
    self.range = range
  }
}
