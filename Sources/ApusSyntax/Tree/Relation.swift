public import ApusValues

/// Is anything that can stand after FROM.
public indirect enum Relation: SyntaxNode {
  /// `sales.orders`
  case table(TableRelation)
  /// `'landing/*.parquet'`
  case path(PathRelation)
  /// `(SELECT …)`
  case subquery(SubqueryRelation)
  /// `LATERAL (SELECT …)`
  case lateral(LateralRelation)
  /// `UNNEST(tags) WITH ORDINALITY`
  case unnest(UnnestRelation)
  /// `JSON_TABLE(document, 'lax $.items[*]' COLUMNS (…))`
  case jsonTable(JSONTableRelation)
  /// `TABLE(sequence(1, 10))`
  case tableFunction(TableFunctionRelation)
  case join(JoinRelation)
  /// `orders AS o (a, b)`
  case aliased(AliasedRelation)
  /// `orders TABLESAMPLE BERNOULLI (10)`
  case sampled(SampledRelation)
  /// `orders MATCH_RECOGNIZE (…)`
  case matchRecognize(MatchRecognizeRelation)

  public var range: SourceRange {
    switch self {
    case .table(let node): node.range
    case .path(let node): node.range
    case .subquery(let node): node.range
    case .lateral(let node): node.range
    case .unnest(let node): node.range
    case .jsonTable(let node): node.range
    case .tableFunction(let node): node.range
    case .join(let node): node.range
    case .aliased(let node): node.range
    case .sampled(let node): node.range
    case .matchRecognize(let node): node.range
    }
  }
}

/// Is a table or a view by name.
public struct TableRelation: SyntaxNode {
  public var name: QualifiedName
  /// Which state of the table; nil for the latest.
  public var version: TableVersion?
  @SourcePlace public var range: SourceRange

  public init(name: QualifiedName, version: TableVersion? = nil, range: SourceRange) {
    self.name = name
    self.version = version
    self.range = range
  }
}

/// Is `FOR VERSION AS OF 42` or `FOR TIMESTAMP AS OF TIMESTAMP '…'`.
public struct TableVersion: SyntaxNode {
  public var kind: TableVersionKind
  public var value: Expression
  @SourcePlace public var range: SourceRange

  public init(kind: TableVersionKind, value: Expression, range: SourceRange) {
    self.kind = kind
    self.value = value
    self.range = range
  }
}

/// Says what names the state of a table: a time, or a snapshot, a tag or a branch.
public enum TableVersionKind: String, Hashable, Sendable, CaseIterable {
  case timestamp = "TIMESTAMP"
  case version = "VERSION"
}

/// Is files by path: `'dir/*.parquet'`, `'s3://bucket/orders/'`.
public struct PathRelation: SyntaxNode {
  public var path: StringLiteral
  @SourcePlace public var range: SourceRange

  public init(path: StringLiteral, range: SourceRange) {
    self.path = path
    self.range = range
  }
}

/// Is a query in parentheses that gives a table.
public struct SubqueryRelation: SyntaxNode {
  public var query: Query
  @SourcePlace public var range: SourceRange

  public init(query: Query, range: SourceRange) {
    self.query = query
    self.range = range
  }
}

/// Is a query that may use the columns of the relations before it.
public struct LateralRelation: SyntaxNode {
  public var query: Query
  @SourcePlace public var range: SourceRange

  public init(query: Query, range: SourceRange) {
    self.query = query
    self.range = range
  }
}

/// Turns arrays and maps into rows.
public struct UnnestRelation: SyntaxNode {
  /// Never empty.
  public var expressions: [Expression]
  public var withOrdinality: Bool
  @SourcePlace public var range: SourceRange

  public init(expressions: [Expression], withOrdinality: Bool = false, range: SourceRange) {
    self.expressions = expressions
    self.withOrdinality = withOrdinality
    self.range = range
  }
}

/// Is `left LEFT JOIN right ON …`.
public struct JoinRelation: SyntaxNode {
  public var kind: JoinKind
  public var left: Relation
  public var right: Relation
  /// Nil exactly for a cross join.
  public var criteria: JoinCriteria?
  @SourcePlace public var range: SourceRange

  public init(
    kind: JoinKind,
    left: Relation,
    right: Relation,
    criteria: JoinCriteria? = nil,
    range: SourceRange
  ) {
    self.kind = kind
    self.left = left
    self.right = right
    self.criteria = criteria
    self.range = range
  }
}

/// Says what a join does with rows that find no partner.
public enum JoinKind: String, Hashable, Sendable, CaseIterable {
  case cross = "CROSS"
  case inner = "INNER"
  case left = "LEFT"
  case right = "RIGHT"
  case full = "FULL"
}

/// Says which rows of two relations belong together.
public enum JoinCriteria: Hashable, Sendable {
  case on(Expression)
  case using([Identifier])
  /// NATURAL: the columns that share a name.
  case natural
}

/// Names a relation, and perhaps its columns.
public struct AliasedRelation: SyntaxNode {
  public var relation: Relation
  public var alias: Identifier
  public var columnAliases: [Identifier]
  @SourcePlace public var range: SourceRange

  public init(
    relation: Relation,
    alias: Identifier,
    columnAliases: [Identifier] = [],
    range: SourceRange
  ) {
    self.relation = relation
    self.alias = alias
    self.columnAliases = columnAliases
    self.range = range
  }
}

/// Takes a part of a relation.
public struct SampledRelation: SyntaxNode {
  public var relation: Relation
  public var method: SampleMethod
  public var percentage: Expression
  @SourcePlace public var range: SourceRange

  public init(
    relation: Relation,
    method: SampleMethod,
    percentage: Expression,
    range: SourceRange
  ) {
    self.relation = relation
    self.method = method
    self.percentage = percentage
    self.range = range
  }
}

/// Says what is drawn: rows (BERNOULLI) or pieces of the storage (SYSTEM).
public enum SampleMethod: String, Hashable, Sendable, CaseIterable {
  case bernoulli = "BERNOULLI"
  case system = "SYSTEM"
}
