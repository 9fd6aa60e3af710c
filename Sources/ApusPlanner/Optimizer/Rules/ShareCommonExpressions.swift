import ApusValues

/// Computes an expression once for each row that several expressions of a node are made of.
///
///     Aggregate[sum(a * (1 - b)), sum(a * (1 - b) * c)]
///     └─ Scan[a, b, c]
///
/// becomes
///
///     Aggregate[sum(shared), sum(shared * c)]
///     └─ Project[shared := a * (1 - b), c]
///        └─ Scan[a, b, c]
///
/// Only what is evaluated for every row counts: a branch of CASE, the second term of AND, or what
/// stands under TRY or FILTER may fail for rows that it is kept from.
struct ShareCommonExpressions: OptimizerRule {
  let name = "share_common_expressions"

  func rewrite(_ plan: LogicalPlan, _ binder: Binder) -> LogicalPlan {
    var plan = plan.mapChildren { rewrite($0, binder) }
    while let shared = common(plan) {
      var columns: [Expression: Expression] = [:]
      var assignments: [Project.Assignment] = []
      for expression in shared {
        let column = binder.makeColumn("shared", expression.type)
        columns[expression] = .column(column)
        assignments.append(Project.Assignment(column: column, expression: expression))
      }
      let input = plan.children[0]
      plan = replacing(plan, columns)
      let needed = plan.expressions.reduce(into: Set<PlanColumn>()) { $0.formUnion($1.columns) }
      let passed = input.output.filter(needed.contains).map {
        Project.Assignment(column: $0, expression: .column($0))
      }
      plan = plan.mapChildren { _ in
        .project(Project(input: input, assignments: passed + assignments))
      }
    }
    return plan
  }

  /// Returns the expressions that a node computes more than once and that hold no others of the kind.
  private func common(_ plan: LogicalPlan) -> [Expression]? {
    var counts: [Expression: Int] = [:]
    var order: [Expression] = []
    for root in roots(of: plan) { count(root, &counts, &order) }
    let repeated = order.filter { counts[$0, default: 0] > 1 }
    let innermost = repeated.filter { expression in
      !repeated.contains { $0 != expression && expression.contains($0) }
    }
    return innermost.isEmpty ? nil : innermost
  }

  /// What the node evaluates for every row of its input.
  private func roots(of plan: LogicalPlan) -> [Expression] {
    switch plan {
    case .project(let node): node.assignments.map(\.expression)
    case .aggregate(let node): node.aggregates.filter { $0.filter == nil }.flatMap(\.arguments)
    default: []
    }
  }

  private func count(
    _ expression: Expression,
    _ counts: inout [Expression: Int],
    _ order: inout [Expression]
  ) {
    switch expression {
    case .column, .literal: return
    case .cast(let cast) where cast.operand.type.isInteger && cast.type.isInteger:
      // It costs no more than keeping it, and the range of what it converts stays in sight.
      return count(cast.operand, &counts, &order)
    default: break
    }
    guard expression.isDeterministic, !expression.isConstant else { return }
    if let known = counts[expression] {
      counts[expression] = known + 1
      return
    }
    counts[expression] = 1
    order.append(expression)
    for part in expression.partsOfEveryRow { count(part, &counts, &order) }
  }

  private func replacing(_ plan: LogicalPlan, _ columns: [Expression: Expression]) -> LogicalPlan {
    switch plan {
    case .project(var node):
      for index in node.assignments.indices {
        node.assignments[index].expression = node.assignments[index].expression.replacing(columns)
      }
      return .project(node)
    case .aggregate(var node):
      for index in node.aggregates.indices where node.aggregates[index].filter == nil {
        node.aggregates[index].arguments = node.aggregates[index].arguments.map {
          $0.replacing(columns)
        }
      }
      return .aggregate(node)
    default:
      return plan
    }
  }
}

extension Expression {
  /// The operands that are evaluated for every row for which the expression is.
  fileprivate var partsOfEveryRow: [Expression] {
    switch self {
    case .column, .literal, .attempt, .lambda: []
    case .call(let call):
      // A lambda is evaluated for elements.
      call.arguments.filter { if case .lambda = $0 { false } else { true } }
    case .arithmetic, .comparison, .not, .isNull, .cast, .like, .nest, .field, .subscription:
      children
    case .logical(let logical): Array(logical.terms.prefix(1))
    case .coalesce(let coalesce): Array(coalesce.terms.prefix(1))
    case .conditional(let conditional): conditional.branches.prefix(1).map(\.condition)
    case .inList(let inList): [inList.operand]
    }
  }

  fileprivate func contains(_ part: Expression) -> Bool {
    self == part || children.contains { $0.contains(part) }
  }

  /// Returns the expression with others in the places of some of its parts.
  func replacing(_ replacements: [Expression: Expression]) -> Expression {
    replacements[self] ?? mapChildren { $0.replacing(replacements) }
  }
}
