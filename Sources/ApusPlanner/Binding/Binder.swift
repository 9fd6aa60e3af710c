import ApusSyntax
import ApusValues

/// Names and types: turns the syntax tree of one query into a logical plan.
///
/// A class, because all parts of a statement draw column identities from one allocator.
final class Binder {
  /// Where names are looked up; within a view, as when the view was made.
  private(set) var catalog: any Catalog
  let functions: any FunctionRegistry
  let context: PlanningContext
  private var allocator = ColumnAllocator()
  /// Views being expanded, to find one that contains itself.
  private var openViews: [String] = []
  /// What a number such as `1.5` is here.
  func literal(_ node: DecimalLiteral) throws(SQLError) -> Literal {
    if context.decimalLiteralsAreDouble || !openViews.isEmpty {
      return try Literal(double: node.text, at: node.range)
    }
    return try Literal(decimal: node.text, at: node.range)
  }

  /// What the WHERE clauses around ask of columns, by name.
  private(set) var partitionHints: [String: Value] = [:]
  /// The parameters that count rows, of a statement that is only described.
  var describedRowCounts: Set<Int> = []
  /// WITH queries in sight, innermost last.
  private var commonTables: [CommonTableEntry] = []
  /// Recursions bound so far.
  var recursionCount = 0
  /// Whether what is bound is part of a query of WITH RECURSIVE.
  private(set) var isInsideRecursion = false

  /// A WITH query by name and what it could see itself.
  struct CommonTableEntry {
    var name: String
    var table: CommonTable
    var visibleCount: Int
    var isRecursive: Bool
    /// What the query around the WITH clause can see, and so the WITH query too.
    var outer: Scope?
    /// What the name stands for within the query itself, if that is recursive.
    var reference: RecursiveReference?
  }

  init(catalog: any Catalog, functions: any FunctionRegistry, context: PlanningContext) {
    self.catalog = catalog
    self.functions = functions
    self.context = context
  }

  func makeColumn(_ name: String, _ type: SQLType) -> PlanColumn {
    allocator.makeColumn(name, type)
  }

  /// A plan with the names that its output columns go by.
  struct BoundRelation {
    var plan: LogicalPlan
    var fields: [ScopeField]

    /// The relation without its hidden columns.
    var visible: BoundRelation {
      BoundRelation(plan: plan, fields: fields.filter { !$0.isHidden })
    }

    /// The same rows under an alias: one qualifier for all columns.
    func qualified(by qualifier: [String]) -> BoundRelation {
      BoundRelation(
        plan: plan,
        fields: fields.map { field in
          var field = field
          field.qualifier = qualifier
          return field
        }
      )
    }
  }

  /// Returns the WITH query that a one-part name stands for.
  func commonTable(_ name: String) -> CommonTableEntry? {
    commonTables.last { $0.name == name }
  }

  var commonTableNames: [String] { commonTables.map(\.name) }

  /// Runs `body` with WITH queries in sight.
  ///
  /// - Parameter outer: what a subquery with them may see around it.
  func withCommonTables<Result>(
    _ clause: WithClause?,
    outer: Scope?,
    _ body: () throws(SQLError) -> Result
  ) throws(SQLError) -> Result {
    let before = commonTables
    defer { commonTables = before }
    if let clause {
      if clause.isRecursive { try checkRecursive(clause) }
      for table in clause.tables {
        let name = table.name.value.lowercased()
        if commonTables.dropFirst(before.count).contains(where: { $0.name == name }) {
          throw SQLError(
            .duplicateNamedQuery,
            "WITH query name '\(name)' specified more than once",
            at: table.name.range
          )
        }
        commonTables.append(
          CommonTableEntry(
            name: name,
            table: table,
            visibleCount: commonTables.count,
            isRecursive: clause.isRecursive,
            outer: outer
          )
        )
      }
    }
    return try body()
  }

  /// Runs `body` with what a condition asks of columns in mind, the innermost first.
  func withHints<Result>(
    of condition: SyntaxExpression?,
    _ body: () throws(SQLError) -> Result
  ) throws(SQLError) -> Result {
    guard let condition else { return try body() }
    let before = partitionHints
    defer { partitionHints = before }
    partitionHints.merge(likelyValues(condition)) { _, inner in inner }
    return try body()
  }

  /// Binds a WITH query where it is used, seeing only what was declared before it.
  func bindCommonTable(_ entry: CommonTableEntry) throws(SQLError) -> BoundRelation {
    let before = (commonTables, isInsideRecursion)
    let visible = Array(commonTables.prefix(entry.visibleCount))
    defer { (commonTables, isInsideRecursion) = before }
    isInsideRecursion = entry.isRecursive
    guard entry.isRecursive else {
      commonTables = visible
      let relation = try bindQuery(entry.table.query, outer: entry.outer)
      return try rename(relation, columns: entry.table.columnAliases, at: entry.table.name.range)
    }
    return try bindRecursive(entry.table) { reference, body throws(SQLError) in
      var own = entry
      own.reference = reference
      commonTables = visible + [own]
      return try body()
    }
  }

  /// Notes that the FROM clause of a query has been bound.
  func noteFromBound(of node: QuerySpecification) {
    for case let reference? in commonTables.map(\.reference)
    where reference.step?.range == node.range && reference.step == node {
      reference.isPastFrom = true
    }
  }

  /// Where the WITH queries being bound have been named within themselves so far.
  var recursiveReferenceRanges: [SourceRange] {
    commonTables.flatMap { $0.reference?.ranges ?? [] }
  }

  /// Binds a view's own text; its errors carry no place in the statement that uses it.
  ///
  /// - Parameter viewCatalog: where names in the text are looked up.
  func bindView(
    _ text: String,
    in viewCatalog: any Catalog,
    name: String,
    at range: SourceRange
  ) throws(SQLError) -> BoundRelation {
    if openViews.contains(name) {
      throw SQLError(.viewIsRecursive, "View '\(name)' contains itself", at: range)
    }
    let before = (commonTables, catalog, isInsideRecursion)
    (commonTables, catalog, isInsideRecursion) = ([], viewCatalog, false)
    openViews.append(name)
    defer {
      (commonTables, catalog, isInsideRecursion) = before
      openViews.removeLast()
    }
    do throws(SQLError) {
      guard case .query(let query) = try parseStatement(text) else {
        throw SQLError(.invalidView, "View '\(name)' is not a query", at: range)
      }
      var relation = try bindQuery(query, outer: nil)
      // Places in the view's text mean nothing in the statement that uses it.
      relation.plan = relation.plan.mapExpressions { $0.withoutPlaces() }
      return relation
    } catch {
      if error.code == .viewIsRecursive { throw error.located(at: range) }
      throw SQLError(
        error.code,
        "In view '\(name)': \(error.message)",
        at: range,
        hint: error.hint,
        cause: error.cause
      )
    }
  }

  /// Gives the columns new names, as `t (a, b)` does.
  func rename(_ relation: BoundRelation, columns: [Identifier], at range: SourceRange)
    throws(SQLError) -> BoundRelation
  {
    if columns.isEmpty { return relation }
    var result = relation.visible
    guard columns.count == result.fields.count else {
      throw SQLError(
        .mismatchedColumnAliases,
        "Column alias list has \(columns.count) entries but relation has "
          + "\(result.fields.count) columns",
        at: range
      )
    }
    for (index, column) in columns.enumerated() { result.fields[index].name = column.value }
    return result
  }
}
