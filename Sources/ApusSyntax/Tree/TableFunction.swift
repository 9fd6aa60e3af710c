public import ApusValues

/// Is `TABLE(f(1, step => 2))`.
public struct TableFunctionRelation: SyntaxNode {
  public var name: QualifiedName
  public var arguments: [TableFunctionArgument]
  /// The lists of COPARTITION: the arguments that are partitioned alike, by the names of their tables.
  public var copartitions: [[QualifiedName]]
  @SourcePlace public var range: SourceRange

  public init(
    name: QualifiedName,
    arguments: [TableFunctionArgument] = [],
    copartitions: [[QualifiedName]] = [],
    range: SourceRange
  ) {
    self.name = name
    self.arguments = arguments
    self.copartitions = copartitions
    self.range = range
  }
}

/// Is `2` or `step => 2`.
public struct TableFunctionArgument: SyntaxNode {
  public var name: Identifier?
  public var value: TableFunctionValue
  @SourcePlace public var range: SourceRange

  public init(name: Identifier? = nil, value: TableFunctionValue, range: SourceRange) {
    self.name = name
    self.value = value
    self.range = range
  }
}

/// What a table function takes.
public enum TableFunctionValue: SyntaxNode {
  case expression(Expression)
  case table(TableArgument)
  case descriptor(DescriptorArgument)

  public var range: SourceRange {
    switch self {
    case .expression(let node): node.range
    case .table(let node): node.range
    case .descriptor(let node): node.range
    }
  }
}

/// Is `TABLE(t) AS a PARTITION BY (x) KEEP WHEN EMPTY ORDER BY (y)`.
public struct TableArgument: SyntaxNode {
  /// A table or a query, under an alias or not.
  public var relation: Relation
  /// Nil without PARTITION BY; empty where all rows are one partition.
  public var partitionBy: [Expression]?
  public var emptyTreatment: EmptyTreatment?
  /// Empty without ORDER BY.
  public var orderBy: [SortItem]
  @SourcePlace public var range: SourceRange

  public init(
    relation: Relation,
    partitionBy: [Expression]? = nil,
    emptyTreatment: EmptyTreatment? = nil,
    orderBy: [SortItem] = [],
    range: SourceRange
  ) {
    self.relation = relation
    self.partitionBy = partitionBy
    self.emptyTreatment = emptyTreatment
    self.orderBy = orderBy
    self.range = range
  }
}

/// Says whether a function is called where a table that it takes has no rows.
public enum EmptyTreatment: String, Hashable, Sendable, CaseIterable {
  case prune = "PRUNE"
  case keep = "KEEP"
}

/// Is `DESCRIPTOR(a, b bigint)`.
public struct DescriptorArgument: SyntaxNode {
  /// Never empty.
  public var fields: [DescriptorField]
  @SourcePlace public var range: SourceRange

  public init(fields: [DescriptorField], range: SourceRange) {
    self.fields = fields
    self.range = range
  }
}

/// Is `a` or `b bigint`.
public struct DescriptorField: SyntaxNode {
  public var name: Identifier
  public var type: TypeName?
  @SourcePlace public var range: SourceRange

  public init(name: Identifier, type: TypeName? = nil, range: SourceRange) {
    self.name = name
    self.type = type
    self.range = range
  }
}
