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
  case createTableLike(CreateTableLikeStatement)
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
  case delete(DeleteStatement)
  case update(UpdateStatement)
  case merge(MergeStatement)
  case truncate(TruncateStatement)
  case unload(UnloadStatement)
  case prepare(PrepareStatement)
  case execute(ExecuteStatement)
  case executeImmediate(ExecuteImmediateStatement)
  case deallocate(DeallocateStatement)
  case describePrepared(DescribePreparedStatement)
  case startTransaction(StartTransactionStatement)
  case endTransaction(EndTransactionStatement)
  case grant(GrantStatement)
  case revoke(RevokeStatement)
  case deny(DenyStatement)
  case grantRoles(GrantRolesStatement)
  case revokeRoles(RevokeRolesStatement)
  case createRole(CreateRoleStatement)
  case dropRole(DropRoleStatement)
  case setRole(SetRoleStatement)
  case createMaterializedView(CreateMaterializedViewStatement)
  case refreshMaterializedView(RefreshMaterializedViewStatement)
  case dropMaterializedView(DropMaterializedViewStatement)
  case renameView(RenameViewStatement)
  case alterDatabase(AlterDatabaseStatement)
  case optimize(OptimizeStatement)
  case vacuum(VacuumStatement)
  case call(CallStatement)
  case comment(CommentStatement)
  case setTimeZone(SetTimeZoneStatement)
  case setPath(SetPathStatement)
  case inlineFunctions(InlineFunctionsStatement)
  case externalFunctions(ExternalFunctionsStatement)

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
    case .createTableLike(let node): node.range
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
    case .delete(let node): node.range
    case .update(let node): node.range
    case .merge(let node): node.range
    case .truncate(let node): node.range
    case .unload(let node): node.range
    case .prepare(let node): node.range
    case .execute(let node): node.range
    case .executeImmediate(let node): node.range
    case .deallocate(let node): node.range
    case .describePrepared(let node): node.range
    case .startTransaction(let node): node.range
    case .endTransaction(let node): node.range
    case .grant(let node): node.range
    case .revoke(let node): node.range
    case .deny(let node): node.range
    case .grantRoles(let node): node.range
    case .revokeRoles(let node): node.range
    case .createRole(let node): node.range
    case .dropRole(let node): node.range
    case .setRole(let node): node.range
    case .createMaterializedView(let node): node.range
    case .refreshMaterializedView(let node): node.range
    case .dropMaterializedView(let node): node.range
    case .renameView(let node): node.range
    case .alterDatabase(let node): node.range
    case .optimize(let node): node.range
    case .vacuum(let node): node.range
    case .call(let node): node.range
    case .comment(let node): node.range
    case .setTimeZone(let node): node.range
    case .setPath(let node): node.range
    case .inlineFunctions(let node): node.range
    case .externalFunctions(let node): node.range
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

/// Is `CREATE [OR REPLACE] VIEW v [COMMENT '…'] AS SELECT …`; the view's text is `query.range`.
public struct CreateViewStatement: SyntaxNode {
  public var orReplace: Bool
  public var name: QualifiedName
  public var comment: StringLiteral?
  /// Whose rights count while the view is read; nil where nothing is said, which is the definer's.
  public var security: ViewSecurity?
  public var query: Query
  @SourcePlace public var range: SourceRange

  public init(
    orReplace: Bool = false,
    name: QualifiedName,
    comment: StringLiteral? = nil,
    security: ViewSecurity? = nil,
    query: Query,
    range: SourceRange
  ) {
    self.orReplace = orReplace
    self.name = name
    self.comment = comment
    self.security = security
    self.query = query
    self.range = range
  }
}

/// Says whose rights count while a view is read.
public enum ViewSecurity: String, Hashable, Sendable, CaseIterable {
  case definer = "DEFINER"
  case invoker = "INVOKER"
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
  /// All of them, or those with some values.
  case partitions(of: QualifiedName, with: PartitionSpecification?)
  /// TBLPROPERTIES, all of them or one.
  case tableProperties(of: QualifiedName, key: StringLiteral?)
  case statistics(of: TableName)
  /// Of what a query gives.
  case queryStatistics(Query)
  case createTable(QualifiedName)
  case createView(QualifiedName)
  case createMaterializedView(QualifiedName)
  case createDatabase(QualifiedName)
  /// GRANTS, on everything or on one table.
  case grants(on: QualifiedName?)
  case roles(isCurrent: Bool, in: Identifier?)
  case roleGrants(in: Identifier?)
}

/// Is `DESCRIBE [EXTENDED | FORMATTED] t [PARTITION (…)] [column.field]`.
public struct DescribeStatement: SyntaxNode {
  public var detail: DescribeDetail
  public var table: TableName
  public var partition: PartitionSpecification?
  /// A column and fields within; empty for all columns.
  public var column: [Identifier]
  @SourcePlace public var range: SourceRange

  public init(
    detail: DescribeDetail = .columns,
    table: TableName,
    partition: PartitionSpecification? = nil,
    column: [Identifier] = [],
    range: SourceRange
  ) {
    self.detail = detail
    self.table = table
    self.partition = partition
    self.column = column
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
