public import ApusValues

/// Is a whole query: common tables, the rows, their order and their number.
public struct Query: SyntaxNode {
  public var with: WithClause?
  public var body: QueryBody
  public var orderBy: [SortItem]
  /// How many rows to skip: an integer or a parameter.
  public var offset: Expression?
  public var limit: RowLimit?
  @SourcePlace public var range: SourceRange

  public init(
    with: WithClause? = nil,
    body: QueryBody,
    orderBy: [SortItem] = [],
    offset: Expression? = nil,
    limit: RowLimit? = nil,
    range: SourceRange
  ) {
    self.with = with
    self.body = body
    self.orderBy = orderBy
    self.offset = offset
    self.limit = limit
    self.range = range
  }
}

/// Is `WITH [RECURSIVE] a AS (…), b AS (…)`.
public struct WithClause: SyntaxNode {
  public var isRecursive: Bool
  /// Never empty.
  public var tables: [CommonTable]
  @SourcePlace public var range: SourceRange

  public init(isRecursive: Bool = false, tables: [CommonTable], range: SourceRange) {
    self.isRecursive = isRecursive
    self.tables = tables
    self.range = range
  }
}

/// Is `a (x, y) AS (SELECT …)`.
public struct CommonTable: SyntaxNode {
  public var name: Identifier
  public var columnAliases: [Identifier]
  public var query: Query
  @SourcePlace public var range: SourceRange

  public init(
    name: Identifier,
    columnAliases: [Identifier] = [],
    query: Query,
    range: SourceRange
  ) {
    self.name = name
    self.columnAliases = columnAliases
    self.query = query
    self.range = range
  }
}

/// Says how many rows a query gives.
public enum RowLimit: SyntaxNode {
  case limit(LimitClause)
  case fetchFirst(FetchFirstClause)

  public var range: SourceRange {
    switch self {
    case .limit(let node): node.range
    case .fetchFirst(let node): node.range
    }
  }
}

/// Is `LIMIT 10` or `LIMIT ALL`.
public struct LimitClause: SyntaxNode {
  /// An integer or a parameter; nil is ALL.
  public var count: Expression?
  @SourcePlace public var range: SourceRange

  public init(count: Expression? = nil, range: SourceRange) {
    self.count = count
    self.range = range
  }
}

/// Is `FETCH FIRST 10 ROWS ONLY`.
public struct FetchFirstClause: SyntaxNode {
  /// An integer or a parameter; nil is one row.
  public var count: Expression?
  public var withTies: Bool
  @SourcePlace public var range: SourceRange

  public init(count: Expression? = nil, withTies: Bool = false, range: SourceRange) {
    self.count = count
    self.withTies = withTies
    self.range = range
  }
}

/// Is where the rows of a query come from, before they are ordered and limited.
public indirect enum QueryBody: SyntaxNode {
  /// `SELECT …`
  case specification(QuerySpecification)
  /// `… UNION …`
  case setOperation(SetOperation)
  /// `VALUES (1, 'a'), (2, 'b')`
  case values(ValuesBody)
  /// `TABLE orders`
  case table(TableBody)
  /// `(SELECT … ORDER BY … LIMIT …)`
  case subquery(SubqueryBody)

  public var range: SourceRange {
    switch self {
    case .specification(let node): node.range
    case .setOperation(let node): node.range
    case .values(let node): node.range
    case .table(let node): node.range
    case .subquery(let node): node.range
    }
  }
}

/// Is `left UNION ALL right`; chains lean to the left, INTERSECT binds tighter.
public struct SetOperation: SyntaxNode {
  public var `operator`: SetOperator
  /// Nil means DISTINCT.
  public var quantifier: SetQuantifier?
  public var corresponding: CorrespondingClause?
  public var left: QueryBody
  public var right: QueryBody
  @SourcePlace public var range: SourceRange

  public init(
    operator: SetOperator,
    quantifier: SetQuantifier? = nil,
    corresponding: CorrespondingClause? = nil,
    left: QueryBody,
    right: QueryBody,
    range: SourceRange
  ) {
    self.operator = `operator`
    self.quantifier = quantifier
    self.corresponding = corresponding
    self.left = left
    self.right = right
    self.range = range
  }
}

/// Is `CORRESPONDING` or `CORRESPONDING BY (a, b)`: columns are paired by name.
public struct CorrespondingClause: SyntaxNode {
  /// Empty where all columns that both sides have are meant.
  public var columns: [Identifier]
  @SourcePlace public var range: SourceRange

  public init(columns: [Identifier] = [], range: SourceRange) {
    self.columns = columns
    self.range = range
  }
}

/// Joins the rows of two queries.
public enum SetOperator: String, Hashable, Sendable, CaseIterable {
  case union = "UNION"
  case intersect = "INTERSECT"
  case except = "EXCEPT"
}

/// Is `VALUES (1, 'a'), (2, 'b')`.
public struct ValuesBody: SyntaxNode {
  /// Never empty; a `RowExpression` each, or any other expression for one column.
  public var rows: [Expression]
  @SourcePlace public var range: SourceRange

  public init(rows: [Expression], range: SourceRange) {
    self.rows = rows
    self.range = range
  }
}

/// Is `TABLE orders`.
public struct TableBody: SyntaxNode {
  public var name: QualifiedName
  @SourcePlace public var range: SourceRange

  public init(name: QualifiedName, range: SourceRange) {
    self.name = name
    self.range = range
  }
}

/// Is a query in parentheses.
public struct SubqueryBody: SyntaxNode {
  public var query: Query
  @SourcePlace public var range: SourceRange

  public init(query: Query, range: SourceRange) {
    self.query = query
    self.range = range
  }
}
