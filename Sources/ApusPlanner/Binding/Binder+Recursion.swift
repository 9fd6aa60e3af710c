import ApusSyntax
import ApusValues

/// What the name of a recursive WITH query stands for within the query itself.
final class RecursiveReference {
  enum Place {
    /// Where the name must not stand at all; the message says why.
    case forbidden(String)
    /// In the step, which may name it once in its FROM clause.
    case step(WorkingTable)
  }

  var place: Place
  /// Where the name stands.
  private(set) var ranges: [SourceRange] = []
  /// Whether the FROM clause of the step has been bound.
  var isPastFrom = false
  /// The step as it was written.
  let step: QuerySpecification?

  init(_ place: Place, step: QuerySpecification?) {
    self.place = place
    self.step = step
  }

  /// Notes a use of the name.
  func note(at range: SourceRange) throws(SQLError) -> WorkingTable {
    switch place {
    case .forbidden(let message):
      throw SQLError(.invalidRecursiveReference, message, at: range)
    case .step(let table):
      ranges.append(range)
      if ranges.count > 1 {
        throw SQLError(
          .invalidRecursiveReference,
          "multiple recursive references in the step relation of recursion",
          at: range
        )
      }
      if isPastFrom || step == nil {
        throw SQLError(
          .invalidRecursiveReference,
          "recursive reference outside of FROM clause of the step relation of recursion",
          at: range
        )
      }
      return table
    }
  }
}

extension Binder {
  /// Checks what can be checked of the queries of WITH RECURSIVE before they are used.
  func checkRecursive(_ clause: WithClause) throws(SQLError) {
    if isInsideRecursion {
      throw SQLError(.nestedRecursive, "nested recursive WITH query", at: clause.range)
    }
    for table in clause.tables where table.columnAliases.isEmpty {
      throw SQLError(
        .missingColumnAliases,
        "missing column aliases in recursive WITH query",
        at: table.range,
        hint: "Write \(table.name.value) (a, b, …) AS."
      )
    }
  }

  /// Binds a query of WITH RECURSIVE: as a recursion if it is a union whose right side names it.
  ///
  /// - Parameter bind: binds queries with the reference in sight.
  func bindRecursive(
    _ table: CommonTable,
    _ bind: (RecursiveReference, () throws(SQLError) -> BoundRelation) throws(SQLError) ->
      BoundRelation
  ) throws(SQLError) -> BoundRelation {
    let query = table.query
    guard case .setOperation(let union) = query.body, union.operator == .union else {
      return try bindPlain(table, bind)
    }
    let step = try stepSpecification(union.right)
    let reference = RecursiveReference(
      .forbidden("WITH table name is referenced in the base relation of recursion"),
      step: step
    )
    let anchor = try bind(reference) { () throws(SQLError) in
      let anchor = try bindBody(union.left, outer: nil)
      return try rename(anchor, columns: table.columnAliases, at: table.name.range)
    }
    recursionCount += 1
    let id = recursionCount
    let isDistinct = union.quantifier != .all
    let schema = Schema(
      anchor.fields.map { Field(name: $0.name ?? "", type: $0.column.type) }
    )
    reference.place = .step(WorkingTable(id: id, schema: schema, hasAllRows: false))
    let right = try bind(reference) { () throws(SQLError) in
      try bindBody(union.right, outer: nil)
    }
    guard !reference.ranges.isEmpty else { return try bindPlain(table, bind) }
    try checkClauses(of: query)

    guard anchor.fields.count == right.fields.count else {
      throw SQLError(
        .typeMismatch,
        "base and step relations of recursion have different number of fields: "
          + "\(anchor.fields.count), \(right.fields.count)",
        at: union.right.range
      )
    }
    for (index, (base, made)) in zip(anchor.fields, right.fields).enumerated()
    where !made.column.type.isCoercible(to: base.column.type) {
      throw SQLError(
        .typeMismatch,
        "recursion step relation output type (\(made.column.type)) is not coercible to recursion "
          + "base relation output type (\(base.column.type)) at column \(index + 1)",
        at: union.right.range,
        hint: "CAST the column of the base relation to \(made.column.type)."
      )
    }
    let columns = anchor.fields.map { makeColumn($0.name ?? "_col", $0.column.type) }
    var base = project(anchor, to: columns)
    var made: (plan: LogicalPlan, columns: [PlanColumn])
    if isDistinct {
      base.plan = .aggregate(Aggregate(input: base.plan, keys: base.columns, aggregates: []))
      // Only rows that no step before has put out go on, so that cycles end.
      let output = columns.map { makeColumn($0.name, $0.type) }
      let known = workingScan(
        WorkingTable(id: id, schema: schema, hasAllRows: true),
        name: table.name.value
      )
      let new = makeDifference(right, known, output, op: .except, isDistinct: true)
      made = (new, output)
    } else {
      made = project(right, to: columns)
    }
    let recursion = Recursion(
      id: id,
      columns: columns,
      anchor: base.plan,
      anchorColumns: base.columns,
      step: made.plan,
      stepColumns: made.columns,
      maximumDepth: context.maximumRecursionDepth
    )
    return BoundRelation(
      plan: .recursion(recursion),
      fields: zip(columns, anchor.fields).map {
        ScopeField(name: $1.name, qualifier: [], column: $0)
      }
    )
  }

  /// Binds a query that is not recursive, though it might be.
  private func bindPlain(
    _ table: CommonTable,
    _ bind: (RecursiveReference, () throws(SQLError) -> BoundRelation) throws(SQLError) ->
      BoundRelation
  ) throws(SQLError) -> BoundRelation {
    let reference = RecursiveReference(
      .forbidden("recursive reference not allowed in this context"),
      step: nil
    )
    return try bind(reference) { () throws(SQLError) in
      let relation = try bindQuery(table.query, outer: nil)
      return try rename(relation, columns: table.columnAliases, at: table.name.range)
    }
  }

  /// Binds a side of a join or of a set operation in which a recursion may not name itself, perhaps.
  func withReferences(
    refused: Bool,
    _ message: () -> String,
    in body: () throws(SQLError) -> BoundRelation
  ) throws(SQLError) -> BoundRelation {
    let before = recursiveReferenceRanges.count
    let relation = try body()
    let ranges = recursiveReferenceRanges
    if refused, ranges.count > before, let range = ranges.last {
      throw SQLError(.invalidRecursiveReference, message(), at: range)
    }
    return relation
  }

  /// Reads the rows of a step before.
  func workingScan(_ table: WorkingTable, name: String) -> BoundRelation {
    let columns = table.schema.fields.map { makeColumn($0.name, $0.type) }
    let scan = Scan(
      table: table,
      name: name,
      output: columns,
      sourceIndices: Array(columns.indices)
    )
    return BoundRelation(
      plan: .scan(scan),
      fields: columns.map { ScopeField(name: $0.name, qualifier: [], column: $0) }
    )
  }

  /// Finds SELECT in the step, within parentheses or not.
  private func stepSpecification(_ body: QueryBody) throws(SQLError) -> QuerySpecification? {
    switch body {
    case .specification(let node): return node
    case .subquery(let node):
      if let limit = node.query.limit {
        throw SQLError(
          .invalidLimitClause,
          "FETCH FIRST / LIMIT clause in the step relation of recursion",
          at: limit.range
        )
      }
      return try stepSpecification(node.query.body)
    case .setOperation, .values, .table: return nil
    }
  }

  private func checkClauses(of query: Query) throws(SQLError) {
    func refuse(_ clause: String, _ range: SourceRange) -> SQLError {
      SQLError(.notSupported, "immediate \(clause) clause in recursive query", at: range)
    }
    if let with = query.with { throw refuse("WITH", with.range) }
    if let first = query.orderBy.first { throw refuse("ORDER BY", first.range) }
    if let offset = query.offset { throw refuse("OFFSET", offset.range) }
    if let limit = query.limit {
      throw SQLError(
        .invalidLimitClause,
        "immediate FETCH FIRST / LIMIT clause in recursive query",
        at: limit.range
      )
    }
  }
}
