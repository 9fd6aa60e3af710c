import ApusValues
import ApusVectors

/// Turns a subquery that uses columns of the rows around it into one that computes the answers for
/// all those rows at once, whatever it is made of.
///
///     t, and for each row             LeftJoin[t.a = a']
///     └─ Limit[1]                     ├─ t
///        └─ Filter[s.x < t.a]    →    └─ Filter[number <= 1]
///           └─ s                         └─ Window[row_number() partition by a']
///                                           └─ InnerJoin[s.x < a']
///                                              ├─ s
///                                              └─ Aggregate[by a']
///                                                 └─ t
///
/// The different combinations of the outer columns, its *bindings*, are pushed down through the
/// operators of the subquery, which from then on work on every binding apart: groupings get the
/// bindings as keys, windows as partitions, joins of two sides that both have them as criteria. Where
/// nothing below uses an outer column, the bindings are joined in. A filter with `t.a = s.x` over a
/// plan without outer columns needs no join: `s.x` is the binding.
///
/// The method is Neumann and Kemper, "Unnesting Arbitrary Queries" (BTW 2015).
struct Unnesting {
  let binder: Binder
  /// The columns of the rows around that the subquery uses, in one order for all it makes.
  let outer: [PlanColumn]
  /// What puts out the rows around, without the columns that the bindings do not need.
  private let source: LogicalPlan

  /// A plan that puts out its rows once for each binding that they belong to.
  struct Unnested {
    var plan: LogicalPlan
    /// The column that holds each outer one.
    var bindings: [ColumnID: PlanColumn]
    /// Outer columns whose bindings are never NULL.
    var known: Set<ColumnID> = []

    func rewrite(_ expression: Expression) -> Expression {
      expression.substituting(bindings.mapValues { .column($0) })
    }

    func rewrite(_ key: SortKey) -> SortKey {
      SortKey(
        rewrite(key.expression),
        isAscending: key.isAscending,
        nullsFirst: key.nullsFirst
      )
    }
  }

  /// A plan with one row at most for each binding, and what the subquery's columns are above a left
  /// join with it: there a binding without a row has NULLs in its place.
  struct Grouped {
    var rows: Unnested
    /// Over the columns of `rows` and outer ones.
    var values: [Project.Assignment]
  }

  /// - Throws: NOT_SUPPORTED if the rows around may be others when they are computed again.
  init(
    _ outer: Set<PlanColumn>,
    of source: LogicalPlan,
    binder: Binder,
    at range: SourceRange?
  ) throws(SQLError) {
    self.binder = binder
    self.outer = outer.sorted { $0.id.rawValue < $1.id.rawValue }
    let pruned = PruneColumns().prune(source, required: outer)
    // More bindings than there are give answers that nobody asks for.
    guard let repeatable = pruned.isRepeatable ? pruned : pruned.repeatableSuperset(outer) else {
      throw SQLError(
        .notSupported,
        "A correlated subquery over values that may be others when they are computed again is "
          + "not supported",
        at: range,
        hint: "Write the rows around it to a table first."
      )
    }
    self.source = repeatable
  }

  private func depends(_ plan: LogicalPlan) -> Bool {
    !plan.freeColumns.isDisjoint(with: outer)
  }

  private func depends(_ expression: Expression) -> Bool {
    !expression.columns.isDisjoint(with: outer)
  }

  /// The different combinations of the outer columns.
  private func makeBindings() -> Unnested {
    let copy = source.copied(by: binder)
    let bindings = Dictionary(
      outer.map { ($0.id, copy.columns[$0.id] ?? $0) },
      uniquingKeysWith: { first, _ in first }
    )
    let keys = columns(bindings)
    return Unnested(
      plan: .aggregate(Aggregate(input: copy.plan, keys: keys, aggregates: [])),
      bindings: bindings
    )
  }

  /// The columns of bindings, each once.
  private func columns(_ bindings: [ColumnID: PlanColumn]) -> [PlanColumn] {
    var result: [PlanColumn] = []
    for column in outer {
      if let binding = bindings[column.id], !result.contains(binding) { result.append(binding) }
    }
    return result
  }

  /// The conditions under which a row of the left side and one of the right have the same bindings.
  ///
  /// - Parameter left: what holds the outer columns on the left, which are themselves if it is nil.
  func criteria(_ left: Unnested?, _ right: Unnested) -> [Join.Criterion] {
    outer.flatMap { column -> [Join.Criterion] in
      guard let binding = right.bindings[column.id] else { return [] }
      let a = Expression.column(left?.bindings[column.id] ?? column)
      let b = Expression.column(binding)
      if right.known.contains(column.id) || left?.known.contains(column.id) ?? false {
        return [Join.Criterion(left: a, right: b)]
      }
      // NULL is a binding as well: it stands as some value beside a flag.
      guard let value = column.type.anyValue else { return [] }
      func filled(_ expression: Expression) -> Expression {
        let literal = Expression.literal(Literal(value, column.type))
        return .coalesce(Coalesce([expression, literal], type: column.type))
      }
      return [
        Join.Criterion(left: filled(a), right: filled(b)),
        Join.Criterion(left: .isNull(a), right: .isNull(b)),
      ]
    }
  }

  /// Returns the plan computed for all bindings.
  func unnest(_ plan: LogicalPlan) throws(SQLError) -> Unnested {
    guard depends(plan) else { return addBindings(to: plan) }
    switch plan {
    case .filter(let node):
      return try unnest(node)
    case .project(var node):
      var result = try unnest(node.input)
      node.input = result.plan
      for index in node.assignments.indices {
        node.assignments[index].expression = result.rewrite(node.assignments[index].expression)
      }
      pass(result.bindings, through: &node)
      result.plan = .project(node)
      return result
    case .aggregate(var node):
      if node.isGlobal { return try complete(try group(node)) }
      var result = try unnest(node.input)
      // Each binding would have to get the group of no rows, and a key that some sets leave out
      // tells none apart.
      let isKnown = columns(result.bindings).contains { node.keys.contains($0) }
      if node.groupingSets != nil, node.hasEmptySet || isKnown {
        throw SQLError.notSupported("A correlated subquery with such grouping sets")
      }
      node = rewrite(node, over: result)
      result.plan = .aggregate(node)
      return result
    case .enforceSingleRow:
      guard let group = try group(plan) else { break }
      return try complete(group)
    case .join(let node):
      return try unnest(node)
    case .sort(let node):
      return try unnest(node.input)
    case .topN(let node):
      return try limit(node.input, by: node.keys, count: node.count, offset: node.offset)
    case .limit(let node):
      if case .sort(let sort) = node.input {
        return try limit(sort.input, by: sort.keys, count: node.count, offset: node.offset)
      }
      return try limit(node.input, by: [], count: node.count, offset: node.offset)
    case .window(let node):
      return try unnest(node)
    case .matchRecognize(var node):
      var result = try unnest(node.input)
      node.input = result.plan
      let added = columns(result.bindings)
      node.partitionBy = added.map { .column($0) } + node.partitionBy.map(result.rewrite)
      node.orderBy = node.orderBy.map(result.rewrite)
      node.passed += added.filter { !node.passed.contains($0) }
      result.plan = .matchRecognize(node)
      return result
    case .unnest(var node):
      var result = try unnest(node.input)
      node.input = result.plan
      for index in node.sources.indices {
        node.sources[index].expression = result.rewrite(node.sources[index].expression)
      }
      result.plan = .unnest(node)
      return result
    case .union(var node):
      var known = Set(outer.map(\.id))
      for index in node.inputs.indices {
        let input = try unnest(node.inputs[index])
        node.inputs[index] = input.plan
        node.inputColumns[index] += outer.map { input.bindings[$0.id] ?? $0 }
        known.formIntersection(input.known)
      }
      let added = outer.map { binder.makeColumn($0.name, $0.type) }
      node.columns += added
      let bindings = Dictionary(
        zip(outer.map(\.id), added),
        uniquingKeysWith: { first, _ in first }
      )
      return Unnested(plan: .union(node), bindings: bindings, known: known)
    case .scan, .values, .shared, .recursion, .tableWrite:
      break
    }
    throw SQLError.internal("an outer column in a place that has none")
  }

  /// Returns each row of a plan without outer columns once for each binding.
  private func addBindings(to plan: LogicalPlan) -> Unnested {
    var result = makeBindings()
    // SELECT without FROM: the bindings are the rows.
    if case .values(let node) = plan, node.columns.isEmpty, node.rows.count == 1 { return result }
    result.plan = .join(Join(kind: .inner, left: plan, right: result.plan))
    return result
  }

  private func unnest(_ node: Filter) throws(SQLError) -> Unnested {
    if !depends(node.input), let result = derive(node) { return result }
    var result = try unnest(node.input)
    result.plan = .filter(
      Filter(input: result.plan, predicate: result.rewrite(node.predicate))
    )
    return result
  }

  /// Takes the bindings from equalities with columns of the plan below, if each outer column has one.
  private func derive(_ node: Filter) -> Unnested? {
    var conjuncts = node.predicate.conjuncts
    var bindings: [ColumnID: PlanColumn] = [:]
    var computed: [Project.Assignment] = []
    for column in outer {
      let match = conjuncts.indices.lazy.compactMap { index -> (Int, Expression)? in
        equal(to: column, conjuncts[index], over: node.input).map { (index, $0) }
      }.first
      guard let (index, value) = match else { return nil }
      conjuncts[index] = .not(.isNull(value))
      if case .column(let same) = value {
        bindings[column.id] = same
      } else {
        let binding = binder.makeColumn(column.name, column.type)
        computed.append(Project.Assignment(column: binding, expression: value))
        bindings[column.id] = binding
      }
    }
    var input = node.input
    if !computed.isEmpty {
      let passed = input.output.map {
        Project.Assignment(column: $0, expression: .column($0))
      }
      input = .project(Project(input: input, assignments: passed + computed))
    }
    var result = Unnested(plan: input, bindings: bindings, known: Set(outer.map(\.id)))
    let predicate = result.rewrite(.conjunction(conjuncts))
    result.plan = .filter(Filter(input: input, predicate: predicate))
    return result
  }

  /// Returns what a condition says that an outer column is equal to, of a plan's columns alone.
  private func equal(
    to column: PlanColumn,
    _ condition: Expression,
    over input: LogicalPlan
  ) -> Expression? {
    guard case .comparison(let comparison) = condition, comparison.op == .equal else { return nil }
    for (side, value) in [
      (comparison.left, comparison.right), (comparison.right, comparison.left),
    ] where side == .column(column) && !value.columns.isEmpty && value.isDeterministic {
      return value.columns.isSubset(of: input.output) ? value : nil
    }
    return nil
  }

  private func pass(_ bindings: [ColumnID: PlanColumn], through node: inout Project) {
    for column in columns(bindings) where !node.assignments.contains(where: { $0.column == column })
    {
      node.assignments.append(Project.Assignment(column: column, expression: .column(column)))
    }
  }

  private func rewrite(_ node: Aggregate, over input: Unnested) -> Aggregate {
    var node = node
    node.input = input.plan
    let added = columns(input.bindings).filter { !node.keys.contains($0) }
    if var sets = node.groupingSets {
      let positions = added.indices.map { node.keys.count + $0 }
      sets.sets = sets.sets.map { $0 + positions }
      node.groupingSets = sets
    }
    node.keys += added
    for index in node.aggregates.indices {
      let call = node.aggregates[index]
      node.aggregates[index].arguments = call.arguments.map(input.rewrite)
      node.aggregates[index].filter = call.filter.map(input.rewrite)
      node.aggregates[index].orderBy = call.orderBy.map(input.rewrite)
    }
    return node
  }

  private func unnest(_ node: Window) throws(SQLError) -> Unnested {
    var node = node
    var result = try unnest(node.input)
    node.input = result.plan
    node.partitionBy =
      columns(result.bindings).map { .column($0) } + node.partitionBy.map(result.rewrite)
    node.orderBy = node.orderBy.map(result.rewrite)
    node.functions = node.functions.map { $0.mapExpressions(result.rewrite) }
    result.plan = .window(node)
    return result
  }

  /// Keeps `count` rows of each binding, after the first `offset` in the order of the keys.
  private func limit(_ input: LogicalPlan, by keys: [SortKey], count: Int?, offset: Int)
    throws(SQLError) -> Unnested
  {
    var result = try unnest(input)
    let number = binder.makeColumn("row_number", .bigint)
    let numbered = Window(
      input: result.plan,
      partitionBy: columns(result.bindings).map { .column($0) },
      orderBy: keys.map(result.rewrite),
      functions: [
        Window.Function(
          column: number,
          function: binder.builtin("row_number", [], returning: .bigint),
          arguments: [],
          frame: .standard
        )
      ]
    )
    func compare(_ op: Comparison.Operator, _ value: Int) -> Expression {
      .comparison(
        Comparison(op, .column(number), .literal(Literal(.integer(Int64(value)), .bigint)))
      )
    }
    var conditions = [compare(.greater, offset)]
    if let count {
      let (last, overflow) = count.addingReportingOverflow(offset)
      if !overflow { conditions.append(compare(.lessOrEqual, last)) }
    }
    result.plan = .filter(
      Filter(input: .window(numbered), predicate: .conjunction(conditions))
    )
    return result
  }

  private func unnest(_ node: Join) throws(SQLError) -> Unnested {
    let isConditionOuter =
      node.criteria.contains { depends($0.left) } || (node.filter.map(depends) ?? false)
    switch node.kind {
    case .inner:
      if !depends(node.left), !depends(node.right) {
        let conditions =
          node.criteria.map { Expression.comparison(Comparison(.equal, $0.left, $0.right)) }
          + (node.filter?.conjuncts ?? [])
        var pairs = node
        pairs.criteria = []
        pairs.filter = nil
        pairs.add(conditions.filter { !depends($0) })
        return try unnest(
          Filter(
            input: .join(pairs),
            predicate: .conjunction(conditions.filter { depends($0) })
          )
        )
      }
      if !depends(node.right) { return try unnestLeft(node) }
      if !depends(node.left), !isConditionOuter {
        var node = node
        var result = try unnest(node.right)
        node.right = result.plan
        result.plan = .join(node)
        return result
      }
    case .left, .semi, .anti, .mark:
      if !depends(node.right) { return try unnestLeft(node) }
    case .right:
      if !depends(node.left), !isConditionOuter {
        var node = node
        var result = try unnest(node.right)
        node.right = result.plan
        result.plan = .join(node)
        return result
      }
    case .full:
      break
    case .rightSemi, .rightAnti:
      throw SQLError.internal("a join that only the optimizer makes")
    }
    return try unnestBoth(node)
  }

  private func unnestLeft(_ node: Join) throws(SQLError) -> Unnested {
    var node = node
    var result = try unnest(node.left)
    node.left = result.plan
    rewriteConditions(of: &node, over: result)
    result.plan = .join(node)
    return result
  }

  private func unnestBoth(_ node: Join) throws(SQLError) -> Unnested {
    var node = node
    let left = try unnest(node.left)
    let right = try unnest(node.right)
    (node.left, node.right) = (left.plan, right.plan)
    rewriteConditions(of: &node, over: left)
    node.addBindings(criteria(left, right))
    var result = Unnested(plan: .join(node), bindings: left.bindings, known: left.known)
    switch node.kind {
    case .inner:
      result.known.formUnion(right.known)
    case .right:
      (result.bindings, result.known) = (right.bindings, right.known)
    case .full:
      // Whichever side has the row has its bindings.
      var project = Project(
        input: result.plan,
        assignments: node.output.map {
          Project.Assignment(column: $0, expression: .column($0))
        }
      )
      for column in outer {
        guard let a = left.bindings[column.id], let b = right.bindings[column.id] else { continue }
        let binding = binder.makeColumn(column.name, column.type)
        project.assignments.append(
          Project.Assignment(
            column: binding,
            expression: .coalesce(Coalesce([.column(a), .column(b)], type: column.type))
          )
        )
        result.bindings[column.id] = binding
      }
      result.known.formIntersection(right.known)
      result.plan = .project(project)
    case .left, .semi, .anti, .mark, .rightSemi, .rightAnti:
      break
    }
    return result
  }

  private func rewriteConditions(of node: inout Join, over input: Unnested) {
    node.criteria = node.criteria.map {
      Join.Criterion(left: input.rewrite($0.left), right: $0.right)
    }
    guard let filter = node.filter, depends(filter) else { return }
    let rewritten = input.rewrite(filter).conjuncts
    node.filter = nil
    if node.isNullAware {
      node.filter = .conjunction(rewritten)
    } else {
      node.add(rewritten)
    }
  }

  /// Returns a subquery of one row, the one of a grouping without keys or of a scalar subquery,
  /// before it is made sure that there is one; nil for other plans.
  func group(_ plan: LogicalPlan) throws(SQLError) -> Grouped? {
    switch plan {
    case .project(let node):
      guard var result = try group(node.input) else { return nil }
      let values = Dictionary(
        result.values.map { ($0.column.id, $0.expression) },
        uniquingKeysWith: { first, _ in first }
      )
      guard node.assignments.allSatisfy({ $0.expression.isDeterministic }) else { return nil }
      result.values = node.assignments.map {
        Project.Assignment(column: $0.column, expression: $0.expression.substituting(values))
      }
      return result
    case .aggregate(let node) where node.isGlobal && depends(plan):
      return try group(node)
    case .enforceSingleRow(let node) where depends(plan):
      if node.input.isSingleRow { return try group(node.input) }
      return try group(node)
    default:
      return nil
    }
  }

  private func group(_ node: Aggregate) throws(SQLError) -> Grouped {
    var rows = try unnest(node.input)
    var node = rewrite(node, over: rows)
    var values: [Project.Assignment] = []
    for index in node.aggregates.indices {
      let column = node.aggregates[index].column
      let inner = binder.makeColumn(column.name, column.type)
      node.aggregates[index].column = inner
      values.append(
        Project.Assignment(column: column, expression: node.aggregates[index].orZero(inner))
      )
    }
    rows.plan = .aggregate(node)
    return Grouped(rows: rows, values: values)
  }

  private func group(_ node: EnforceSingleRow) throws(SQLError) -> Grouped {
    var rows = try unnest(node.input)
    let output = node.input.output
    if node.input.hasOneRowAtMost {
      var project = Project(input: rows.plan, assignments: [])
      var values: [Project.Assignment] = []
      for column in output {
        let inner = binder.makeColumn(column.name, column.type)
        project.assignments.append(
          Project.Assignment(column: inner, expression: .column(column))
        )
        values.append(Project.Assignment(column: column, expression: .column(inner)))
      }
      pass(rows.bindings, through: &project)
      rows.plan = .project(project)
      return Grouped(rows: rows, values: values)
    }
    var calls: [Aggregate.Call] = []
    let count = binder.makeColumn("rows", .bigint)
    let check = Expression.call(
      Call(
        function: binder.builtin("$single_row", [.bigint], returning: .boolean),
        arguments: [.column(count)],
        range: nil
      )
    )
    var values: [Project.Assignment] = []
    for column in output {
      let function = binder.builtin("any_value", [column.type], returning: column.type)
      let value = binder.makeColumn(column.name, column.type)
      calls.append(
        Aggregate.Call(column: value, function: function, arguments: [.column(column)])
      )
      values.append(
        Project.Assignment(
          column: column,
          expression: .conditional(
            Conditional(
              branches: [Conditional.Branch(condition: check, result: .column(value))],
              otherwise: .null(column.type),
              type: column.type
            )
          )
        )
      )
    }
    calls.append(
      Aggregate.Call(
        column: count,
        function: binder.builtin("count", [], returning: .bigint),
        arguments: []
      )
    )
    rows.plan = .aggregate(
      Aggregate(input: rows.plan, keys: columns(rows.bindings), aggregates: calls)
    )
    return Grouped(rows: rows, values: values)
  }

  /// Makes sure of a row for each binding.
  private func complete(_ group: Grouped) throws(SQLError) -> Unnested {
    var result = makeBindings()
    let join = Join(
      kind: .left,
      left: result.plan,
      right: group.rows.plan,
      criteria: criteria(result, group.rows)
    )
    var project = Project(
      input: .join(join),
      assignments: group.values.map {
        Project.Assignment(column: $0.column, expression: result.rewrite($0.expression))
      }
    )
    pass(result.bindings, through: &project)
    result.plan = .project(project)
    return result
  }
}

extension Join {
  /// Adds criteria that are about bindings.
  mutating func addBindings(_ added: [Criterion]) {
    if isNullAware, criteria.isEmpty {
      // Whether a pair belongs together is never unknown, unlike the rest of the filter.
      let terms = added.map { criterion in
        Expression.comparison(Comparison(.equal, criterion.left, criterion.right)).orFalse
      }
      filter = .conjunction((filter?.conjuncts ?? []) + terms)
    } else {
      criteria += added
    }
  }
}

extension Expression {
  /// The condition with FALSE where it is unknown.
  var orFalse: Expression { .coalesce(Coalesce([self, .boolean(false)], type: .boolean)) }
}

extension Aggregate.Call {
  /// What the call gives where a left join may have put NULL in place of a group without rows.
  func orZero(_ column: PlanColumn) -> Expression {
    guard ["count", "count_if", "approx_distinct"].contains(function.name) else {
      return .column(column)
    }
    let zero = Expression.literal(Literal(.integer(0), column.type))
    return .coalesce(Coalesce([.column(column), zero], type: column.type))
  }
}

extension Window.Function {
  /// Returns the function with its expressions replaced by others of the same type.
  func mapExpressions<Failure: Error>(
    _ transform: (Expression) throws(Failure) -> Expression
  ) throws(Failure) -> Window.Function {
    func map(_ bound: Window.Frame.Bound) throws(Failure) -> Window.Frame.Bound {
      switch bound {
      case .preceding(let offset): .preceding(try transform(offset))
      case .following(let offset): .following(try transform(offset))
      case .unboundedPreceding, .currentRow, .unboundedFollowing: bound
      }
    }
    var result = self
    result.arguments = try arguments.map(transform)
    result.filter = try filter.map(transform)
    result.frame.start = try map(frame.start)
    result.frame.end = try map(frame.end)
    return result
  }
}

extension LogicalPlan {
  /// Whether a limit keeps the plan to one row.
  fileprivate var hasOneRowAtMost: Bool {
    switch self {
    case .limit(let node): node.count.map { $0 <= 1 } ?? false
    case .project(let node): node.input.hasOneRowAtMost
    case .sort(let node): node.input.hasOneRowAtMost
    default: false
    }
  }
}

extension SQLType {
  /// Some value of the type; nil for the type of NULL, which has none.
  fileprivate var anyValue: Value? {
    switch self {
    case .unknown: return nil
    case .array: return .array([])
    case .map: return .map([])
    case .row(let fields): return .row(fields.map { _ in .null })
    default: break
    }
    return switch physicalType {
    case .boolean: .boolean(false)
    case .int8, .int16, .int32, .int64: .integer(0)
    case .int128: .wide(0)
    case .float32: .real(0)
    case .float64: .double(0)
    case .string: self == .varbinary ? .binary([]) : .text("")
    }
  }
}
