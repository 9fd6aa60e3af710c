import ApusValues

/// Rewrites a plan into one that gives the same rows with less work: a list of rules, applied in
/// order, each of which can be switched off by name.
struct Optimizer {
  let disabledRules: Set<String>

  /// The rules in the order in which they run; some run again when others have made room.
  static let rules: [any OptimizerRule] = [
    PruneColumns(),
    FoldConstants(),
    SimplifyExpressions(),
    PushDownFilter(),
    // Conditions have met the constants of projections, and outer joins are no longer needed.
    FoldConstants(),
    SimplifyExpressions(),
    PropagateEmptiness(),
    RemoveRedundantNodes(),
    PruneColumns(),
    ReduceGroupKeys(),
    RemoveRedundantDistinct(),
    DeriveScanDomains(),
    ReorderJoins(),
    PushDownFilter(),
    FormTopN(),
    PushDownLimit(),
    ChooseBuildSide(),
    ComputeJoinGeometries(),
    RemoveRedundantNodes(),
    PruneColumns(),
    DeriveScanDomains(),
    AnswerFromStatistics(),
    ShareCommonExpressions(),
    ShareCommonSubplans(),
  ]

  /// Applies the rules.
  ///
  /// - Parameter observe: called after each rule with its name and the plans before and after it.
  func optimize(
    _ plan: LogicalPlan,
    binder: Binder,
    observe: ((String, LogicalPlan, LogicalPlan) -> Void)? = nil
  ) throws(SQLError) -> LogicalPlan {
    var plan = plan
    let output = plan.output
    for rule in Optimizer.rules where !disabledRules.contains(rule.name) {
      let before = plan
      plan = try rule.rewrite(plan, binder)
      try PlanVerifier.verify(plan, output: output, after: rule.name)
      observe?(rule.name, before, plan)
    }
    return plan
  }
}

/// One rewriting of plans; a value without state.
protocol OptimizerRule: Sendable {
  /// The name that EXPLAIN and the session property `optimizer_disable` know it by.
  var name: String { get }

  /// Returns an equivalent plan with the same output columns at the root.
  ///
  /// - Parameter binder: makes columns and finds functions, for rules that need new ones.
  func rewrite(_ plan: LogicalPlan, _ binder: Binder) throws(SQLError) -> LogicalPlan
}

extension LogicalPlan {
  /// Applies a rewriting to every node, inputs first.
  func transformUp(_ body: (LogicalPlan) throws(SQLError) -> LogicalPlan) throws(SQLError)
    -> LogicalPlan
  {
    let rewritten = try mapChildren { child throws(SQLError) in try child.transformUp(body) }
    return try body(rewritten)
  }
}
