public import ApusValues

/// Is `JSON_TABLE(document, 'lax $.items[*]' AS items COLUMNS (…) PLAN (…) ERROR ON ERROR)`.
public struct JSONTableRelation: SyntaxNode {
  public var path: JSONPathInvocation
  public var pathName: Identifier?
  /// Never empty.
  public var columns: [JSONTableColumn]
  public var plan: JSONTablePlan?
  public var onError: JSONTableBehavior?
  @SourcePlace public var range: SourceRange

  public init(
    path: JSONPathInvocation,
    pathName: Identifier? = nil,
    columns: [JSONTableColumn],
    plan: JSONTablePlan? = nil,
    onError: JSONTableBehavior? = nil,
    range: SourceRange
  ) {
    self.path = path
    self.pathName = pathName
    self.columns = columns
    self.plan = plan
    self.onError = onError
    self.range = range
  }
}

/// Says what JSON_TABLE does where a path of rows fails.
public enum JSONTableBehavior: String, Hashable, Sendable, CaseIterable {
  case error = "ERROR"
  case empty = "EMPTY"
}

/// Is what can stand after COLUMNS.
public indirect enum JSONTableColumn: SyntaxNode {
  case ordinality(JSONTableOrdinality)
  case value(JSONTableValue)
  case query(JSONTableQuery)
  case nested(JSONTableNested)

  public var range: SourceRange {
    switch self {
    case .ordinality(let node): node.range
    case .value(let node): node.range
    case .query(let node): node.range
    case .nested(let node): node.range
    }
  }
}

/// Is `n FOR ORDINALITY`.
public struct JSONTableOrdinality: SyntaxNode {
  public var name: Identifier
  @SourcePlace public var range: SourceRange

  public init(name: Identifier, range: SourceRange) {
    self.name = name
    self.range = range
  }
}

/// Is `price double PATH 'lax $.price' DEFAULT 0 ON EMPTY NULL ON ERROR`.
public struct JSONTableValue: SyntaxNode {
  public var name: Identifier
  public var type: TypeName
  /// Nil for the member that is called as the column.
  public var path: StringLiteral?
  public var onEmpty: JSONValueBehavior?
  public var onError: JSONValueBehavior?
  @SourcePlace public var range: SourceRange

  public init(
    name: Identifier,
    type: TypeName,
    path: StringLiteral? = nil,
    onEmpty: JSONValueBehavior? = nil,
    onError: JSONValueBehavior? = nil,
    range: SourceRange
  ) {
    self.name = name
    self.type = type
    self.path = path
    self.onEmpty = onEmpty
    self.onError = onError
    self.range = range
  }
}

/// Is `tags varchar FORMAT JSON PATH 'lax $.tags' WITH ARRAY WRAPPER`.
public struct JSONTableQuery: SyntaxNode {
  public var name: Identifier
  public var type: TypeName
  public var format: JSONFormat
  /// Nil for the member that is called as the column.
  public var path: StringLiteral?
  public var wrapper: JSONWrapper?
  public var quotes: JSONQuotes?
  public var onEmpty: JSONQueryBehavior?
  public var onError: JSONQueryBehavior?
  @SourcePlace public var range: SourceRange

  public init(
    name: Identifier,
    type: TypeName,
    format: JSONFormat,
    path: StringLiteral? = nil,
    wrapper: JSONWrapper? = nil,
    quotes: JSONQuotes? = nil,
    onEmpty: JSONQueryBehavior? = nil,
    onError: JSONQueryBehavior? = nil,
    range: SourceRange
  ) {
    self.name = name
    self.type = type
    self.format = format
    self.path = path
    self.wrapper = wrapper
    self.quotes = quotes
    self.onEmpty = onEmpty
    self.onError = onError
    self.range = range
  }
}

/// Is `NESTED PATH 'lax $.tags[*]' AS tags COLUMNS (…)`.
public struct JSONTableNested: SyntaxNode {
  public var path: StringLiteral
  public var pathName: Identifier?
  /// Never empty.
  public var columns: [JSONTableColumn]
  @SourcePlace public var range: SourceRange

  public init(
    path: StringLiteral,
    pathName: Identifier? = nil,
    columns: [JSONTableColumn],
    range: SourceRange
  ) {
    self.path = path
    self.pathName = pathName
    self.columns = columns
    self.range = range
  }
}

/// Says how the rows of nested paths go with those around them and with one another.
public enum JSONTablePlan: Hashable, Sendable {
  /// `PLAN (a OUTER (b UNION c))`
  case specific(JSONTablePlanPart)
  /// `PLAN DEFAULT (INNER, CROSS)`; nil is OUTER and UNION.
  case `default`(parent: JSONTableParentJoin?, siblings: JSONTableSiblingJoin?)
}

/// Is a plan of JSON_TABLE or a part of one.
public struct JSONTablePlanPart: SyntaxNode {
  public var kind: JSONTablePlanKind
  @SourcePlace public var range: SourceRange

  public init(kind: JSONTablePlanKind, range: SourceRange) {
    self.kind = kind
    self.range = range
  }
}

/// Says what a plan of JSON_TABLE is made of.
public indirect enum JSONTablePlanKind: Hashable, Sendable {
  case path(Identifier)
  /// `a OUTER b`
  case parent(Identifier, JSONTableParentJoin, JSONTablePlanPart)
  /// `a UNION b UNION c`, at least two.
  case siblings(JSONTableSiblingJoin, [JSONTablePlanPart])
}

/// Says whether a row without nested ones is put out.
public enum JSONTableParentJoin: String, Hashable, Sendable, CaseIterable {
  case outer = "OUTER"
  case inner = "INNER"
}

/// Says whether the rows of paths side by side follow one another or are paired.
public enum JSONTableSiblingJoin: String, Hashable, Sendable, CaseIterable {
  case union = "UNION"
  case cross = "CROSS"
}
