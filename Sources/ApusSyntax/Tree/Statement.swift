public import ApusValues

/// Is one sentence of the language.
public indirect enum Statement: SyntaxNode {
  case query(Query)
  case explain(ExplainStatement)
  case createView(CreateViewStatement)
  case dropView(DropViewStatement)
  case createDatabase(CreateDatabaseStatement)
  case dropDatabase(DropDatabaseStatement)
  case createTable(CreateTableStatement)
  case createTableAs(CreateTableAsStatement)
  case dropTable(DropTableStatement)
  case alterTable(AlterTableStatement)
  case repairTable(RepairTableStatement)
  case analyze(AnalyzeStatement)
  case insert(InsertStatement)
  case show(ShowStatement)
  case describe(DescribeStatement)
  case use(UseStatement)
  case setSession(SetSessionStatement)
  case resetSession(ResetSessionStatement)

  public var range: SourceRange {
    switch self {
    case .query(let node): node.range
    case .explain(let node): node.range
    case .createView(let node): node.range
    case .dropView(let node): node.range
    case .createDatabase(let node): node.range
    case .dropDatabase(let node): node.range
    case .createTable(let node): node.range
    case .createTableAs(let node): node.range
    case .dropTable(let node): node.range
    case .alterTable(let node): node.range
    case .repairTable(let node): node.range
    case .analyze(let node): node.range
    case .insert(let node): node.range
    case .show(let node): node.range
    case .describe(let node): node.range
    case .use(let node): node.range
    case .setSession(let node): node.range
    case .resetSession(let node): node.range
    }
  }
}

/// Is `EXPLAIN (TYPE LOGICAL, FORMAT JSON) …` or `EXPLAIN ANALYZE …`.
public struct ExplainStatement: SyntaxNode {
  public var isAnalyze: Bool
  public var isVerbose: Bool
  public var type: ExplainType?
  public var format: ExplainFormat?
  public var statement: Statement
  @SourcePlace public var range: SourceRange

  public init(
    isAnalyze: Bool = false,
    isVerbose: Bool = false,
    type: ExplainType? = nil,
    format: ExplainFormat? = nil,
    statement: Statement,
    range: SourceRange
  ) {
    self.isAnalyze = isAnalyze
    self.isVerbose = isVerbose
    self.type = type
    self.format = format
    self.statement = statement
    self.range = range
  }
}

/// Says which plan EXPLAIN shows.
public enum ExplainType: String, Hashable, Sendable, CaseIterable {
  case logical = "LOGICAL"
  case distributed = "DISTRIBUTED"
  case validate = "VALIDATE"
  case io = "IO"
}

/// Says how EXPLAIN shows it.
public enum ExplainFormat: String, Hashable, Sendable, CaseIterable {
  case text = "TEXT"
  case graphviz = "GRAPHVIZ"
  case json = "JSON"
}

/// Is `CREATE [OR REPLACE] VIEW v AS SELECT …`; the view's text is `query.range`.
public struct CreateViewStatement: SyntaxNode {
  public var orReplace: Bool
  public var name: QualifiedName
  public var query: Query
  @SourcePlace public var range: SourceRange

  public init(orReplace: Bool = false, name: QualifiedName, query: Query, range: SourceRange) {
    self.orReplace = orReplace
    self.name = name
    self.query = query
    self.range = range
  }
}

/// Is `DROP VIEW [IF EXISTS] v`.
public struct DropViewStatement: SyntaxNode {
  public var ifExists: Bool
  public var name: QualifiedName
  @SourcePlace public var range: SourceRange

  public init(ifExists: Bool = false, name: QualifiedName, range: SourceRange) {
    self.ifExists = ifExists
    self.name = name
    self.range = range
  }
}

/// Is `SHOW TABLES IN sales LIKE 'o*'` and its like.
public struct ShowStatement: SyntaxNode {
  public var subject: ShowSubject
  /// After LIKE, or alone after SHOW TABLES.
  public var pattern: StringLiteral?
  @SourcePlace public var range: SourceRange

  public init(subject: ShowSubject, pattern: StringLiteral? = nil, range: SourceRange) {
    self.subject = subject
    self.pattern = pattern
    self.range = range
  }
}

/// Says what SHOW lists.
public enum ShowSubject: Hashable, Sendable {
  /// DATABASES and SCHEMAS, perhaps of a catalog.
  case databases(in: Identifier?)
  case tables(in: QualifiedName?)
  case views(in: QualifiedName?)
  /// `SHOW COLUMNS FROM t FROM d`: the database of the second FROM.
  case columns(of: TableName, in: Identifier?)
  case functions
  case catalogs
  case session
  case partitions(of: QualifiedName)
  /// TBLPROPERTIES, all of them or one.
  case tableProperties(of: QualifiedName, key: StringLiteral?)
  case statistics(of: TableName)
  case createTable(QualifiedName)
  case createView(QualifiedName)
}

/// Is `DESCRIBE [EXTENDED | FORMATTED] t [PARTITION (…)]`.
public struct DescribeStatement: SyntaxNode {
  public var detail: DescribeDetail
  public var table: TableName
  public var partition: PartitionSpecification?
  @SourcePlace public var range: SourceRange

  public init(
    detail: DescribeDetail = .columns,
    table: TableName,
    partition: PartitionSpecification? = nil,
    range: SourceRange
  ) {
    self.detail = detail
    self.table = table
    self.partition = partition
    self.range = range
  }
}

/// Says how much DESCRIBE tells.
public enum DescribeDetail: String, Hashable, Sendable, CaseIterable {
  case columns = ""
  case extended = "EXTENDED"
  case formatted = "FORMATTED"
}

/// Is `USE sales`, `USE awsdatacatalog.sales`.
public struct UseStatement: SyntaxNode {
  public var catalog: Identifier?
  public var schema: Identifier
  @SourcePlace public var range: SourceRange

  public init(catalog: Identifier? = nil, schema: Identifier, range: SourceRange) {
    self.catalog = catalog
    self.schema = schema
    self.range = range
  }
}

/// Is `SET SESSION name = value`.
public struct SetSessionStatement: SyntaxNode {
  public var name: QualifiedName
  public var value: Expression
  @SourcePlace public var range: SourceRange

  public init(name: QualifiedName, value: Expression, range: SourceRange) {
    self.name = name
    self.value = value
    self.range = range
  }
}

/// Is `RESET SESSION name`.
public struct ResetSessionStatement: SyntaxNode {
  public var name: QualifiedName
  @SourcePlace public var range: SourceRange

  public init(name: QualifiedName, range: SourceRange) {
    self.name = name
    self.range = range
  }
}
