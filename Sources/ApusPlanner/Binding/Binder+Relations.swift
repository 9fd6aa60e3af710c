import ApusSyntax
import ApusValues

extension Binder {
  /// Binds what stands after FROM; `outer` is what a subquery may see around it.
  func bindRelation(_ relation: Relation, outer: Scope?) throws(SQLError) -> BoundRelation {
    switch relation {
    case .table(let node):
      if let version = node.version {
        throw SQLError.notSupported("Time travel (FOR … AS OF)", at: version.range)
      }
      return try bindTable(node.name)
    case .path(let node):
      let table: any Table
      do {
        table = try catalog.table(atPath: node.path.value, preferring: partitionHints)
      } catch {
        throw error.located(at: node.path.range)
      }
      return scan(table, name: "'\(node.path.value)'", qualifier: [])
    case .subquery(let node):
      var bound = try bindQuery(node.query, outer: outer)
      bound = bound.qualified(by: [])
      return bound
    case .aliased(let node):
      let bound = try bindRelation(node.relation, outer: outer)
      return try rename(bound, columns: node.columnAliases, at: node.alias.range)
        .qualified(by: [node.alias.value])
    case .join(let node):
      return try bindJoin(node, outer: outer)
    case .lateral(let node):
      return try bindQuery(node.query, outer: outer).qualified(by: [])
    case .unnest(let node):
      return try bindUnnest(node, outer: outer)
    case .tableFunction(let node):
      return try bindTableFunction(node)
    case .sampled(let node):
      return try bindSample(node, outer: outer)
    case .matchRecognize(let node):
      return try bindMatchRecognize(node, outer: outer)
    }
  }

  func bindTable(_ name: QualifiedName) throws(SQLError) -> BoundRelation {
    let parts = name.parts.map { $0.value.lowercased() }
    if parts.count == 1, let entry = commonTable(parts[0]) {
      if let reference = entry.reference {
        let table = try reference.note(at: name.range)
        return workingScan(table, name: entry.table.name.value).qualified(by: parts)
      }
      return try bindCommonTable(entry).qualified(by: parts)
    }
    guard parts.count <= 3 else {
      throw SQLError(.syntaxError, "Too many parts in table name", at: name.range)
    }
    let relation: CatalogRelation?
    do {
      relation = try catalog.relation(parts, preferring: partitionHints)
    } catch {
      throw error.located(at: name.range)
    }
    let written = name.parts.map(\.value).joined(separator: ".")
    switch relation {
    case .table(let table)?:
      return scan(table, name: written, qualifier: parts)
    case .view(let text, let catalog)?:
      return try bindView(text, in: catalog, name: written, at: name.range).qualified(by: parts)
    case nil:
      var candidates = commonTableNames + (try catalog.relationNames())
      candidates += candidates.compactMap { $0.split(separator: ".").last.map(String.init) }
      throw SQLError(
        .tableNotFound,
        "Table '\(written)' does not exist",
        at: name.range,
        hint: nearestName(to: written, among: candidates).map { "Did you mean '\($0)'?" }
      )
    }
  }

  private func scan(_ table: any Table, name: String, qualifier: [String]) -> BoundRelation {
    let columns = table.schema.fields.map { makeColumn($0.name, $0.type) }
    let node = Scan(
      table: table,
      name: name,
      output: columns,
      sourceIndices: Array(columns.indices)
    )
    let visibleCount = columns.count - table.hiddenColumnCount
    let fields = columns.enumerated().map { index, column in
      ScopeField(
        name: column.name,
        qualifier: qualifier,
        column: column,
        isHidden: index >= visibleCount
      )
    }
    return BoundRelation(plan: .scan(node), fields: fields)
  }

  private func bindJoin(_ node: JoinRelation, outer: Scope?) throws(SQLError) -> BoundRelation {
    let left = try withReferences(refused: node.kind == .right || node.kind == .full) {
      "recursive reference in left source of \(node.kind.rawValue) join"
    } in: { () throws(SQLError) in
      try bindRelation(node.left, outer: outer)
    }
    let right = try withReferences(refused: node.kind == .left || node.kind == .full) {
      "recursive reference in right source of \(node.kind.rawValue) join"
    } in: { () throws(SQLError) in
      try bindRelation(node.right, beside: left, outer: outer)
    }
    let kind: Join.Kind =
      switch node.kind {
      case .cross, .inner: .inner
      case .left: .left
      case .right: .right
      case .full: .full
      }
    switch node.criteria {
    case nil:
      return BoundRelation(
        plan: try join(left.plan, PendingSubquery(kind: kind, right, at: node.range)),
        fields: left.fields + right.fields
      )
    case .on(let condition)?:
      let fields = left.fields + right.fields
      let expressions = ExpressionBinder(
        self,
        scope: Scope(fields, parent: outer),
        aggregates: "JOIN clause",
        windows: "JOIN clause"
      )
      let predicate = try expressions.bindCondition(condition, clause: "JOIN ON clause")
      return BoundRelation(
        plan: try join(
          left.plan,
          PendingSubquery(kind: kind, right, at: node.range),
          on: predicate,
          with: expressions.subqueries,
          at: condition.range
        ),
        fields: fields
      )
    case .using(let columns)?:
      return try bindUsing(kind, left, right, columns: columns, at: node.range)
    case .natural?:
      throw SQLError(
        .notSupported,
        "Natural join not supported",
        at: node.range,
        hint: "Write USING (…)."
      )
    }
  }

  /// Binds a relation that LATERAL lets see the one on its left.
  func bindRelation(_ relation: Relation, beside left: BoundRelation, outer: Scope?)
    throws(SQLError) -> BoundRelation
  {
    guard relation.isLateral else { return try bindRelation(relation, outer: outer) }
    return try bindRelation(relation, outer: Scope(left.fields, parent: outer))
  }

  /// Pairs all rows of a plan with those of a relation that may be LATERAL.
  func join(_ left: LogicalPlan, _ right: PendingSubquery) throws(SQLError) -> LogicalPlan {
    if case .unnest(var unnest) = right.plan, right.kind == .inner || right.kind == .left {
      unnest.input = left
      unnest.isOuter = right.kind == .left
      return .unnest(unnest)
    }
    if right.kind == .right || right.kind == .full {
      guard right.plan.freeColumns.isDisjoint(with: left.output) else {
        throw SQLError(
          .invalidColumnReference,
          "LATERAL reference not allowed in RIGHT or FULL JOIN",
          at: right.range
        )
      }
    }
    return try join(left, right, rows: left)
  }

  /// Joins on a condition over both sides and over subqueries.
  private func join(
    _ left: LogicalPlan,
    _ right: PendingSubquery,
    on predicate: Expression,
    with subqueries: [PendingSubquery],
    at range: SourceRange
  ) throws(SQLError) -> LogicalPlan {
    let isLateral = !right.plan.freeColumns.isDisjoint(with: left.output)
    if right.kind == .inner, isLateral || !subqueries.isEmpty {
      let pairs = try attach(subqueries, to: try join(left, right))
      return .filter(Filter(input: pairs, predicate: predicate))
    }
    // The pairs of an outer join are not there yet: a subquery goes to the side it is about.
    var (left, right) = (left, right)
    for subquery in subqueries {
      let used = subquery.outerColumns
      if used.isDisjoint(with: left.output) && !isLateral {
        right.plan = try attach([subquery], to: right.plan)
      } else if used.isDisjoint(with: right.plan.output) {
        left = try attach([subquery], to: left)
      } else {
        throw SQLError.notSupported(
          "A subquery over both sides in the condition of an outer join",
          at: range
        )
      }
    }
    if case .unnest = right.plan, right.kind == .left, predicate == .boolean(true) {
      return try join(left, right)
    }
    guard isLateral else {
      return .join(makeJoin(right.kind, left, right.plan, predicate: predicate))
    }
    if predicate == .boolean(true) { return try join(left, right) }
    var pairs = try unnestedJoin(left, right, rows: left)
    pairs.add(predicate.conjuncts)
    return .join(pairs)
  }

  /// Joins on columns of one name; each appears once, without a qualifier, before the others.
  private func bindUsing(
    _ kind: Join.Kind,
    _ left: BoundRelation,
    _ right: BoundRelation,
    columns: [Identifier],
    at range: SourceRange
  ) throws(SQLError) -> BoundRelation {
    var criteria: [Join.Criterion] = []
    var assignments: [Project.Assignment] = []
    var fields: [ScopeField] = []
    var hidden: Set<ColumnID> = []
    for identifier in columns {
      let a = try find(identifier, in: left, side: "left")
      let b = try find(identifier, in: right, side: "right")
      guard let type = SQLType.common(a.type, b.type) else {
        throw SQLError(
          .typeMismatch,
          "Column '\(identifier.value)' has incompatible types on the two sides: \(a.type), "
            + "\(b.type)",
          at: identifier.range
        )
      }
      let leftKey = Expression.column(a).coerced(to: type, at: identifier.range)
      let rightKey = Expression.column(b).coerced(to: type, at: identifier.range)
      criteria.append(Join.Criterion(left: leftKey, right: rightKey))
      let value: Expression =
        switch kind {
        case .right: rightKey
        case .full: .coalesce(Coalesce([leftKey, rightKey], type: type))
        default: leftKey
        }
      let column = makeColumn(identifier.value, type)
      assignments.append(Project.Assignment(column: column, expression: value))
      fields.append(ScopeField(name: identifier.value, qualifier: [], column: column))
      hidden.formUnion([a.id, b.id])
    }
    let joined: LogicalPlan
    if right.plan.freeColumns.isDisjoint(with: left.plan.output) {
      joined = .join(Join(kind: kind, left: left.plan, right: right.plan, criteria: criteria))
    } else {
      joined = try join(
        left.plan,
        PendingSubquery(kind: kind, right, at: range),
        on: .conjunction(
          criteria.map { .comparison(Comparison(.equal, $0.left, $0.right)) }
        ),
        with: [],
        at: range
      )
    }
    for field in left.fields + right.fields where !hidden.contains(field.column.id) {
      fields.append(field)
      assignments.append(
        Project.Assignment(column: field.column, expression: .column(field.column))
      )
    }
    return BoundRelation(
      plan: .project(Project(input: joined, assignments: assignments)),
      fields: fields
    )
  }

  private func find(_ identifier: Identifier, in relation: BoundRelation, side: String)
    throws(SQLError) -> PlanColumn
  {
    let scope = Scope(relation.fields, parent: nil)
    guard let column = try scope.resolve([identifier], at: identifier.range) else {
      throw SQLError(
        .columnNotFound,
        "Column '\(identifier.value)' is missing from \(side) side of join",
        at: identifier.range,
        hint: nearestName(
          to: identifier.value,
          among: relation.visible.fields.compactMap(\.name)
        ).map { "Did you mean '\($0)'?" }
      )
    }
    return column
  }

  /// Makes a join of a condition: equalities between the sides become criteria.
  func makeJoin(
    _ kind: Join.Kind,
    _ left: LogicalPlan,
    _ right: LogicalPlan,
    predicate: Expression
  ) -> Join {
    var join = Join(kind: kind, left: left, right: right)
    join.add(predicate.conjuncts)
    return join
  }
}

extension Relation {
  /// Whether the relation is LATERAL, under an alias or not.
  fileprivate var isLateral: Bool {
    switch self {
    case .lateral, .unnest: true
    case .aliased(let node): node.relation.isLateral
    default: false
    }
  }
}

extension PendingSubquery {
  /// A relation of FROM that may use the columns of the one on its left.
  init(kind: Join.Kind, _ relation: Binder.BoundRelation, at range: SourceRange) {
    self.init(kind: kind, plan: relation.plan, range: range)
  }
}

extension Join {
  /// Adds conditions on pairs: equalities between the sides become criteria, the rest the filter.
  mutating func add(_ conjuncts: [Expression]) {
    let leftColumns = Set(left.output)
    let rightColumns = Set(right.output)
    var rest: [Expression] = filter?.conjuncts ?? []
    for conjunct in conjuncts {
      if case .comparison(let comparison) = conjunct, comparison.op == .equal {
        let a = comparison.left.columns
        let b = comparison.right.columns
        if !a.isEmpty, !b.isEmpty, a.isSubset(of: leftColumns), b.isSubset(of: rightColumns) {
          criteria.append(Criterion(left: comparison.left, right: comparison.right))
          continue
        }
        if !a.isEmpty, !b.isEmpty, a.isSubset(of: rightColumns), b.isSubset(of: leftColumns) {
          criteria.append(Criterion(left: comparison.right, right: comparison.left))
          continue
        }
      }
      rest.append(conjunct)
    }
    filter = rest.isEmpty ? nil : .conjunction(rest)
  }
}
