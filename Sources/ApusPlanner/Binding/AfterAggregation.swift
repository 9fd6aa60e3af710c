import ApusSyntax
import ApusValues

/// What may be said after GROUP BY: expressions over its keys and over aggregates.
struct AfterAggregation {
  /// The bound GROUP BY expressions and the column that holds each.
  private let keys: [(expression: Expression, column: PlanColumn)]
  /// Nil for a single grouping, by all keys.
  private let groupingSets: Aggregate.GroupingSets?
  /// Columns of `grouping(…)` where there is nothing to tell apart.
  private let zeros: Set<PlanColumn>
  /// The columns of FROM, which are out of reach unless they are keys.
  private let source: Set<PlanColumn>
  /// What the columns of FROM are called.
  private let names: [ColumnID: String]
  private let ranges: [ColumnID: SourceRange]

  /// - Parameters:
  ///   - grouping: nil without GROUP BY.
  ///   - operations: the uses of `grouping(…)`.
  /// - Throws: MISSING_GROUP_BY and INVALID_ARGUMENTS for those that are not about keys.
  init(
    _ grouping: BoundGrouping?,
    operations: [PendingGroupingOperation],
    source fields: [ScopeField],
    ranges: [ColumnID: SourceRange],
    binder: Binder
  ) throws(SQLError) {
    let expressions = grouping?.keys ?? []
    let source = Set(fields.map(\.column))
    keys = expressions.map { key in
      if case .column(let column) = key, source.contains(column) { return (key, column) }
      return (key, binder.makeColumn("group_key", key.type))
    }
    self.source = source
    names = Dictionary(
      fields.map { field in
        (field.column.id, (field.qualifier.suffix(1) + [field.name ?? ""]).joined(separator: "."))
      },
      uniquingKeysWith: { first, _ in first }
    )
    self.ranges = ranges
    var bound: [Aggregate.GroupingSets.Operation] = []
    for operation in operations {
      guard grouping != nil else {
        throw SQLError(
          .missingGroupBy,
          "A GROUPING() operation can only be used with a corresponding GROUPING "
            + "SET/CUBE/ROLLUP/GROUP BY clause",
          at: operation.range
        )
      }
      var positions: [Int] = []
      for (argument, syntax) in operation.arguments {
        guard let position = expressions.firstIndex(of: argument) else {
          throw SQLError(
            .invalidArguments,
            "The arguments to GROUPING() must be expressions referenced by the GROUP BY at the "
              + "associated query level. Mismatch due to \(SQLPrinter.text(of: syntax)).",
            at: operation.range
          )
        }
        positions.append(position)
      }
      bound.append(Aggregate.GroupingSets.Operation(column: operation.column, keys: positions))
    }
    if let sets = grouping?.sets, sets.count > 1 {
      groupingSets = Aggregate.GroupingSets(sets: sets, operations: bound)
      zeros = []
    } else {
      groupingSets = nil
      zeros = Set(bound.map(\.column))
    }
  }

  /// Returns the aggregation of a plan, below it a projection if a key has to be computed.
  func aggregate(_ plan: LogicalPlan, _ aggregates: [Aggregate.Call]) -> LogicalPlan {
    var input = plan
    let computed = keys.filter { $0.expression != .column($0.column) }
    if !computed.isEmpty {
      let passed = plan.output.map {
        Project.Assignment(column: $0, expression: .column($0))
      }
      let added = computed.map {
        Project.Assignment(column: $0.column, expression: $0.expression)
      }
      input = .project(Project(input: plan, assignments: passed + added))
    }
    return .aggregate(
      Aggregate(
        input: input,
        keys: keys.map(\.column),
        groupingSets: groupingSets,
        aggregates: aggregates
      )
    )
  }

  /// Returns an expression over the aggregation's output.
  ///
  /// - Throws: EXPRESSION_NOT_AGGREGATE for a column of FROM that is no key, with the column alone for
  ///   its message; `aggregated` puts it into words.
  func rewrite(_ expression: Expression) throws(SQLError) -> Expression {
    if let key = keys.first(where: { $0.expression == expression }) { return .column(key.column) }
    if case .column(let column) = expression {
      if zeros.contains(column) { return .literal(Literal(.integer(0), column.type)) }
      if source.contains(column) {
        throw SQLError(
          .expressionNotAggregate,
          names[column.id] ?? column.name,
          at: ranges[column.id]
        )
      }
    }
    return try expression.mapChildren { child throws(SQLError) in try rewrite(child) }
  }
}

/// Runs what rewrites an expression over an aggregation, and says which expression it is that needs
/// more than the aggregation has.
///
/// - Parameters:
///   - syntax: the whole expression; nil where `words` tell of the column alone.
///   - prefix: what comes before the expression in the message.
func aggregated<Result>(
  _ syntax: SyntaxExpression?,
  _ prefix: String = "",
  at range: SourceRange? = nil,
  otherwise words: (String) -> String = {
    "'\($0)' must be an aggregate expression or appear in GROUP BY clause"
  },
  _ body: () throws(SQLError) -> Result
) throws(SQLError) -> Result {
  do {
    return try body()
  } catch  where error.code == .expressionNotAggregate {
    guard let syntax else {
      throw SQLError(.expressionNotAggregate, words(error.message), at: range)
    }
    throw SQLError(
      .expressionNotAggregate,
      "\(prefix)'\(SQLPrinter.text(of: syntax))' must be an aggregate expression or appear in "
        + "GROUP BY clause",
      at: syntax.range
    )
  }
}
