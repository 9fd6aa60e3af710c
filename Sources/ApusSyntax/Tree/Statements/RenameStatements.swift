public import ApusValues

/// Is `ALTER VIEW v RENAME TO w`, of a view or of a materialized one.
public struct RenameViewStatement: SyntaxNode {
  public var isMaterialized: Bool
  public var name: QualifiedName
  public var newName: QualifiedName
  @SourcePlace public var range: SourceRange

  public init(
    isMaterialized: Bool = false,
    name: QualifiedName,
    newName: QualifiedName,
    range: SourceRange
  ) {
    self.isMaterialized = isMaterialized
    self.name = name
    self.newName = newName
    self.range = range
  }
}

/// Is `ALTER DATABASE d SET DBPROPERTIES (…)`, SET LOCATION or RENAME TO.
public struct AlterDatabaseStatement: SyntaxNode {
  public var name: QualifiedName
  public var alteration: DatabaseAlteration
  @SourcePlace public var range: SourceRange

  public init(name: QualifiedName, alteration: DatabaseAlteration, range: SourceRange) {
    self.name = name
    self.alteration = alteration
    self.range = range
  }
}

/// Says what ALTER DATABASE changes.
public enum DatabaseAlteration: Hashable, Sendable {
  case setProperties([TextProperty])
  case setLocation(StringLiteral)
  case rename(to: Identifier)
}
