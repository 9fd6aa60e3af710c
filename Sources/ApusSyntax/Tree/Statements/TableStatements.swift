public import ApusValues

/// Is `DROP TABLE [IF EXISTS] t`.
public struct DropTableStatement: SyntaxNode {
  public var ifExists: Bool
  public var name: QualifiedName
  @SourcePlace public var range: SourceRange

  public init(ifExists: Bool = false, name: QualifiedName, range: SourceRange) {
    self.ifExists = ifExists
    self.name = name
    self.range = range
  }
}

/// Is `MSCK REPAIR TABLE t`.
public struct RepairTableStatement: SyntaxNode {
  public var name: QualifiedName
  @SourcePlace public var range: SourceRange

  public init(name: QualifiedName, range: SourceRange) {
    self.name = name
    self.range = range
  }
}

/// Is `ALTER TABLE t …`.
public struct AlterTableStatement: SyntaxNode {
  public var name: QualifiedName
  public var alteration: TableAlteration
  @SourcePlace public var range: SourceRange

  public init(name: QualifiedName, alteration: TableAlteration, range: SourceRange) {
    self.name = name
    self.alteration = alteration
    self.range = range
  }
}

/// Says what ALTER TABLE changes; lists are never empty.
public enum TableAlteration: Hashable, Sendable {
  case addPartitions([AddedPartition], ifNotExists: Bool)
  case dropPartitions([PartitionSpecification], ifExists: Bool)
  case renamePartition(PartitionSpecification, to: PartitionSpecification)
  /// The table's location, or one partition's.
  case setLocation(StringLiteral, of: PartitionSpecification?)
  /// SET TBLPROPERTIES.
  case setProperties([TextProperty])
  case addColumns([ColumnDeclaration], of: PartitionSpecification?)
  case replaceColumns([ColumnDeclaration], of: PartitionSpecification?)
  /// `CHANGE COLUMN a b int COMMENT '…' FIRST`
  case changeColumn(Identifier, to: ColumnDeclaration, place: ColumnPlace?)
  case dropColumn(Identifier)
  case renameColumn(Identifier, to: Identifier)
  case rename(to: QualifiedName)
  case unsetProperties([StringLiteral], ifExists: Bool)
  case setSerdeProperties([TextProperty], of: PartitionSpecification?)
  case setFileFormat(Identifier, of: PartitionSpecification?)
}

/// Says where a changed column goes.
public enum ColumnPlace: Hashable, Sendable {
  case first
  case after(Identifier)
}

/// Is `PARTITION (year = 2024) [LOCATION 's3://…']` after ADD.
public struct AddedPartition: SyntaxNode {
  public var partition: PartitionSpecification
  public var location: StringLiteral?
  @SourcePlace public var range: SourceRange

  public init(
    partition: PartitionSpecification,
    location: StringLiteral? = nil,
    range: SourceRange
  ) {
    self.partition = partition
    self.location = location
    self.range = range
  }
}

/// Is `PARTITION (year = 2024, region = 'eu')`.
public struct PartitionSpecification: SyntaxNode {
  /// Never empty; in the order of the statement.
  public var values: [PartitionValue]
  @SourcePlace public var range: SourceRange

  public init(values: [PartitionValue], range: SourceRange) {
    self.values = values
    self.range = range
  }
}

/// Is `year = 2024`.
public struct PartitionValue: SyntaxNode {
  public var column: Identifier
  /// The value as it would stand in a path, whether it was written in quotes or not: `2024` and
  /// `'2024'` are equal, TRUE is `true`.
  public var value: StringLiteral
  @SourcePlace public var range: SourceRange

  public init(column: Identifier, value: StringLiteral, range: SourceRange) {
    self.column = column
    self.value = value
    self.range = range
  }
}
