public import ApusValues

/// Is `SELECT … FROM … WHERE … GROUP BY … HAVING … WINDOW …`.
public struct QuerySpecification: SyntaxNode {
  public var quantifier: SetQuantifier?
  /// Never empty.
  public var items: [SelectItem]
  /// The relations between commas; empty without FROM.
  public var from: [Relation]
  public var `where`: Expression?
  public var groupBy: GroupBy?
  public var having: Expression?
  public var windows: [NamedWindow]
  @SourcePlace public var range: SourceRange

  public init(
    quantifier: SetQuantifier? = nil,
    items: [SelectItem],
    from: [Relation] = [],
    where: Expression? = nil,
    groupBy: GroupBy? = nil,
    having: Expression? = nil,
    windows: [NamedWindow] = [],
    range: SourceRange
  ) {
    self.quantifier = quantifier
    self.items = items
    self.from = from
    self.where = `where`
    self.groupBy = groupBy
    self.having = having
    self.windows = windows
    self.range = range
  }
}

/// Is one entry between SELECT and FROM.
public enum SelectItem: SyntaxNode {
  case expression(SelectExpression)
  case all(SelectAll)

  public var range: SourceRange {
    switch self {
    case .expression(let node): node.range
    case .all(let node): node.range
    }
  }
}

/// Is `a + 1 AS b`.
public struct SelectExpression: SyntaxNode {
  public var expression: Expression
  public var alias: Identifier?
  @SourcePlace public var range: SourceRange

  public init(expression: Expression, alias: Identifier? = nil, range: SourceRange) {
    self.expression = expression
    self.alias = alias
    self.range = range
  }
}

/// Is `*`, `t.*` or `r.* AS (a, b)`.
public struct SelectAll: SyntaxNode {
  /// What stands before the point: a table's name or a row; nil for a bare `*`.
  public var target: Expression?
  public var aliases: [Identifier]
  @SourcePlace public var range: SourceRange

  public init(target: Expression? = nil, aliases: [Identifier] = [], range: SourceRange) {
    self.target = target
    self.aliases = aliases
    self.range = range
  }
}

/// Is `GROUP BY [ALL | DISTINCT] a, ROLLUP (b, c)`.
public struct GroupBy: SyntaxNode {
  public var quantifier: SetQuantifier?
  /// Never empty; several elements multiply.
  public var elements: [GroupingElement]
  @SourcePlace public var range: SourceRange

  public init(quantifier: SetQuantifier? = nil, elements: [GroupingElement], range: SourceRange) {
    self.quantifier = quantifier
    self.elements = elements
    self.range = range
  }
}

/// Is one entry of GROUP BY.
public enum GroupingElement: SyntaxNode {
  /// `a`, `(a, b)` or `()`.
  case set(GroupingSet)
  /// `ROLLUP (a, b)`
  case rollup(GroupingSetList)
  /// `CUBE (a, b)`
  case cube(GroupingSetList)
  /// `GROUPING SETS ((a, b), a, ())`
  case groupingSets(GroupingSetList)

  public var range: SourceRange {
    switch self {
    case .set(let node): node.range
    case .rollup(let node): node.range
    case .cube(let node): node.range
    case .groupingSets(let node): node.range
    }
  }
}

/// Is the columns that are grouped together: `a`, `(a, b)`, `()`.
public struct GroupingSet: SyntaxNode {
  public var expressions: [Expression]
  @SourcePlace public var range: SourceRange

  public init(expressions: [Expression], range: SourceRange) {
    self.expressions = expressions
    self.range = range
  }
}

/// Is what stands in the parentheses of ROLLUP, CUBE and GROUPING SETS.
public struct GroupingSetList: SyntaxNode {
  public var sets: [GroupingSet]
  @SourcePlace public var range: SourceRange

  public init(sets: [GroupingSet], range: SourceRange) {
    self.sets = sets
    self.range = range
  }
}
