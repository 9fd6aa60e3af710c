import ApusValues

/// Moves conditions to where their columns come from, so that rows drop early and scans can skip.
///
///     Filter[a.x = 1 AND a.k = b.k]        Join[a.k = b.k]
///     └─ Join                          →   ├─ Filter[a.x = 1]
///        ├─ a                              │  └─ a
///        └─ b                              └─ b
///
/// On its way it turns outer joins into inner ones where a condition rejects the NULL rows they
/// would add, into anti joins where a condition wants nothing else, and marks of EXISTS and IN into
/// semi and anti joins.
struct PushDownFilter: OptimizerRule {
  let name = "push_down_filter"

  /// How often expressions of the plan name each column.
  private var uses: [ColumnID: Int] = [:]

  func rewrite(_ plan: LogicalPlan, _ binder: Binder) throws(SQLError) -> LogicalPlan {
    var rule = self
    plan.countUses(in: &rule.uses)
    return rule.push([], into: plan)
  }

  /// Returns the plan with all of `predicates` applied, as far down as they go.
  private func push(_ predicates: [Expression], into plan: LogicalPlan) -> LogicalPlan {
    switch plan {
    case .filter(let node):
      return push(predicates + node.predicate.conjuncts, into: node.input)
    case .project(var node):
      let values = Dictionary(
        node.assignments.map { ($0.column.id, $0.expression) },
        uniquingKeysWith: { first, _ in first }
      )
      let (down, stay) = split(predicates) { predicate in
        predicate.columns.allSatisfy { values[$0.id]?.isDeterministic ?? false }
      }
      node.input = push(down.map { $0.substituting(values) }, into: node.input)
      return filtered(.project(node), stay)
    case .aggregate(var node):
      let keys = Set(node.commonKeys)
      let (down, stay) = split(predicates) {
        !keys.isEmpty && !$0.isConstant && $0.columns.isSubset(of: keys)
      }
      node.input = push(down, into: node.input)
      return filtered(.aggregate(node), stay)
    case .window(var node):
      let (down, stay) = split(predicates, over: node.partitionBy)
      node.input = push(down, into: node.input)
      return filtered(.window(node), stay)
    case .matchRecognize(var node):
      let (down, stay) = split(predicates, over: node.partitionBy)
      node.input = push(down, into: node.input)
      return filtered(.matchRecognize(node), stay)
    case .unnest(var node):
      let input = Set(node.input.output)
      let (down, stay) = split(predicates) { !$0.isConstant && $0.columns.isSubset(of: input) }
      node.input = push(down, into: node.input)
      return filtered(.unnest(node), stay)
    case .sort(var node):
      node.input = push(predicates, into: node.input)
      return .sort(node)
    case .union(var node):
      for (index, columns) in node.inputColumns.enumerated() {
        let values = Dictionary(
          zip(node.columns, columns).map { ($0.id, Expression.column($1)) },
          uniquingKeysWith: { first, _ in first }
        )
        node.inputs[index] = push(
          predicates.map { $0.substituting(values) },
          into: node.inputs[index]
        )
      }
      return .union(node)
    case .join(let node):
      return push(predicates, into: node)
    case .scan, .values, .limit, .topN, .enforceSingleRow, .shared, .recursion, .tableWrite:
      return filtered(plan.mapChildren { push([], into: $0) }, predicates)
    }
  }

  private func push(_ predicates: [Expression], into join: Join) -> LogicalPlan {
    switch join.kind {
    case .inner: return pushInner(predicates, join)
    case .left: return pushLeft(predicates, join)
    case .right:
      var mirrored = join
      mirrored.kind = .left
      (mirrored.left, mirrored.right) = (join.right, join.left)
      mirrored.criteria = join.criteria.map { Join.Criterion(left: $0.right, right: $0.left) }
      return pushLeft(predicates, mirrored)
    case .full: return pushFull(predicates, join)
    case .semi, .anti: return pushSemi(predicates, join)
    case .rightSemi, .rightAnti:
      // Made by the last rule, after which nothing is pushed down.
      return filtered(.join(join), predicates)
    case .mark(let mark): return pushMark(predicates, join, mark)
    }
  }

  private func pushInner(_ predicates: [Expression], _ join: Join) -> LogicalPlan {
    var join = join
    let all = predicates + (join.filter?.conjuncts ?? [])
    join.filter = nil
    var (left, right, both) = divide(all, join)
    var above: [Expression] = []
    (both, above) = split(both) { $0.isDeterministic }
    join.add(both)
    let inferredRight = inferred(left, join.criteria, fromLeft: true).filter { !right.contains($0) }
    let inferredLeft = inferred(right, join.criteria, fromLeft: false).filter { !left.contains($0) }
    join.left = push(left + inferredLeft, into: join.left)
    join.right = push(right + inferredRight, into: join.right)
    return filtered(.join(join), above)
  }

  private func pushLeft(_ predicates: [Expression], _ join: Join) -> LogicalPlan {
    var join = join
    let rightColumns = Set(join.right.output)
    if predicates.contains(where: { $0.rejectsNull(of: rightColumns) }) {
      join.kind = .inner
      return pushInner(predicates, join)
    }
    if let position = predicates.firstIndex(where: { isUnmatched($0, join) }) {
      var rest = predicates
      rest.remove(at: position)
      return pushUnmatched(rest, join)
    }
    let (left, right, both) = divide(predicates, join)
    // Conditions of ON: those over the right side alone only choose partners.
    let (_, own, rest) = divide(join.filter?.conjuncts ?? [], join, leftMayMove: false)
    join.filter = rest.isEmpty ? nil : .conjunction(rest)
    let inferredRight = inferred(left, join.criteria, fromLeft: true)
    join.left = push(left, into: join.left)
    join.right = push(own + inferredRight, into: join.right)
    return filtered(.join(join), right + both)
  }

  /// Whether a condition is true of just those rows of a left join that found no partner: a key of the
  /// right side is NULL in no others.
  private func isUnmatched(_ predicate: Expression, _ join: Join) -> Bool {
    guard case .isNull(let operand) = predicate, predicate.isDeterministic else { return false }
    return join.criteria.contains { $0.right == operand }
  }

  /// Makes an anti join of a left join of which only rows without a partner are wanted.
  private func pushUnmatched(_ predicates: [Expression], _ join: Join) -> LogicalPlan {
    var anti = join
    anti.kind = .anti
    let columns = join.left.output.map {
      Project.Assignment(column: $0, expression: .column($0))
    }
    let nulls = join.right.output.map {
      Project.Assignment(column: $0, expression: .null($0.type))
    }
    return push(
      predicates,
      into: .project(Project(input: .join(anti), assignments: columns + nulls))
    )
  }

  private func pushFull(_ predicates: [Expression], _ join: Join) -> LogicalPlan {
    var join = join
    let rejectsLeft = predicates.contains { $0.rejectsNull(of: Set(join.left.output)) }
    let rejectsRight = predicates.contains { $0.rejectsNull(of: Set(join.right.output)) }
    if rejectsLeft || rejectsRight {
      join.kind = rejectsLeft && rejectsRight ? .inner : rejectsLeft ? .left : .right
      return push(predicates, into: join)
    }
    join.left = push([], into: join.left)
    join.right = push([], into: join.right)
    return filtered(.join(join), predicates)
  }

  private func pushSemi(_ predicates: [Expression], _ join: Join) -> LogicalPlan {
    var join = join
    let (left, stay) = split(predicates) { $0.isDeterministic }
    let (_, own, rest) = divide(join.filter?.conjuncts ?? [], join, leftMayMove: false)
    join.filter = rest.isEmpty ? nil : .conjunction(rest)
    let inferredRight =
      join.isNullAware ? [] : inferred(left, join.criteria, fromLeft: true)
    join.left = push(left, into: join.left)
    join.right = push(own + inferredRight, into: join.right)
    return filtered(.join(join), stay)
  }

  private func pushMark(_ predicates: [Expression], _ join: Join, _ mark: PlanColumn)
    -> LogicalPlan
  {
    var join = join
    var rest = predicates
    // A mark that is used elsewhere too has to be there.
    if uses[mark.id] == 1 {
      if let index = rest.firstIndex(of: .column(mark)) {
        rest.remove(at: index)
        join.kind = .semi
        join.isNullAware = false
        let conditions = join.filter?.conjuncts ?? []
        join.filter = nil
        join.add(conditions)
        return pushSemi(rest, join)
      }
      if let index = rest.firstIndex(of: .not(.column(mark))) {
        rest.remove(at: index)
        join.kind = .anti
        return pushSemi(rest, join)
      }
    }
    let (left, stay) = split(predicates) { $0.isDeterministic && !$0.columns.contains(mark) }
    join.left = push(left, into: join.left)
    join.right = push([], into: join.right)
    return filtered(.join(join), stay)
  }

  /// Sorts conditions by the side of a join that they are about.
  private func divide(_ predicates: [Expression], _ join: Join, leftMayMove: Bool = true)
    -> (left: [Expression], right: [Expression], both: [Expression])
  {
    let leftColumns = Set(join.left.output)
    let rightColumns = Set(join.right.output)
    var left: [Expression] = []
    var right: [Expression] = []
    var both: [Expression] = []
    for predicate in predicates {
      let columns = predicate.columns
      if !predicate.isDeterministic || (columns.isEmpty && !leftMayMove) {
        both.append(predicate)
      } else if leftMayMove, columns.isSubset(of: leftColumns) {
        left.append(predicate)
      } else if !columns.isEmpty, columns.isSubset(of: rightColumns) {
        right.append(predicate)
      } else {
        both.append(predicate)
      }
    }
    return (left, right, both)
  }

  /// What a condition on one column says of the column on the other side that it is equal to.
  private func inferred(
    _ predicates: [Expression],
    _ criteria: [Join.Criterion],
    fromLeft: Bool
  ) -> [Expression] {
    var result: [Expression] = []
    for criterion in criteria {
      guard case .column(let a) = fromLeft ? criterion.left : criterion.right,
        case .column(let b) = fromLeft ? criterion.right : criterion.left, a.type == b.type
      else { continue }
      for predicate in predicates where predicate.columns == [a] && predicate.isDeterministic {
        result.append(predicate.substituting([a.id: .column(b)]))
      }
    }
    return result
  }

  /// Divides predicates into those over columns that partitions share, and the others.
  private func split(_ predicates: [Expression], over partitionBy: [Expression])
    -> ([Expression], [Expression])
  {
    let partition = Set(
      partitionBy.compactMap { expression -> PlanColumn? in
        if case .column(let column) = expression { column } else { nil }
      }
    )
    return split(predicates) { !$0.isConstant && $0.columns.isSubset(of: partition) }
  }

  private func split(_ predicates: [Expression], by condition: (Expression) -> Bool)
    -> ([Expression], [Expression])
  {
    var yes: [Expression] = []
    var no: [Expression] = []
    for predicate in predicates {
      if predicate.isDeterministic, condition(predicate) {
        yes.append(predicate)
      } else {
        no.append(predicate)
      }
    }
    return (yes, no)
  }

  private func filtered(_ plan: LogicalPlan, _ predicates: [Expression]) -> LogicalPlan {
    var unique: [Expression] = []
    for predicate in predicates where !unique.contains(predicate) { unique.append(predicate) }
    let predicate = Expression.conjunction(unique)
    return predicate == .boolean(true)
      ? plan : .filter(Filter(input: plan, predicate: predicate))
  }
}

extension LogicalPlan {
  fileprivate func countUses(in uses: inout [ColumnID: Int]) {
    for expression in expressions {
      for column in expression.columns { uses[column.id, default: 0] += 1 }
    }
    for child in children { child.countUses(in: &uses) }
  }
}

extension Expression {
  /// Whether the condition cannot be true where all of `columns` are NULL.
  func rejectsNull(of columns: Set<PlanColumn>) -> Bool {
    switch self {
    case .comparison(let comparison):
      return comparison.op != .isDistinctFrom
        && (comparison.left.isNull(with: columns) || comparison.right.isNull(with: columns))
    case .logical(let logical):
      return logical.op == .and
        ? logical.terms.contains { $0.rejectsNull(of: columns) }
        : logical.terms.allSatisfy { $0.rejectsNull(of: columns) }
    case .not(.isNull(let operand)): return operand.isNull(with: columns)
    case .not(let operand): return operand.isNull(with: columns)
    case .inList(let inList): return inList.operand.isNull(with: columns)
    case .like(let like): return like.operand.isNull(with: columns)
    case .column: return isNull(with: columns)
    default: return false
    }
  }

  /// Whether the expression is surely NULL where all of `columns` are.
  private func isNull(with columns: Set<PlanColumn>) -> Bool {
    switch self {
    case .column(let column): columns.contains(column)
    case .arithmetic(let arithmetic):
      arithmetic.left.isNull(with: columns) || arithmetic.right.isNull(with: columns)
    case .comparison(let comparison):
      comparison.op != .isDistinctFrom
        && (comparison.left.isNull(with: columns) || comparison.right.isNull(with: columns))
    case .cast(let cast): cast.operand.isNull(with: columns)
    case .not(let operand): operand.isNull(with: columns)
    case .like(let like): like.operand.isNull(with: columns)
    case .inList(let inList): inList.operand.isNull(with: columns)
    case .field(let access): access.operand.isNull(with: columns)
    case .subscription(let subscription):
      subscription.operand.isNull(with: columns) || subscription.index.isNull(with: columns)
    case .literal, .call, .logical, .isNull, .conditional, .coalesce, .attempt, .nest, .lambda:
      false
    }
  }
}
