import ApusValues

/// Computes once what a plan computes twice, as a WITH query does that is named twice.
///
///     Join                                Join
///     ├─ Aggregate[sum(x) by k]           ├─ Shared[1] => [k, sum]
///     │  └─ t                       →     │  └─ Aggregate[sum(x) by k]
///     └─ Aggregate[max(sum)]              │     └─ t
///        └─ Aggregate[sum(x) by k]        └─ Aggregate[max(sum)]
///           └─ t                             └─ Shared[1] => [sum]
///
/// Only groupings and windows are shared: they cost much more than their rows take to keep, whereas
/// two scans or joins may each be narrowed by the joins above them.
struct ShareCommonSubplans: OptimizerRule {
  let name = "share_common_subplans"

  func rewrite(_ plan: LogicalPlan, _ binder: Binder) throws(SQLError) -> LogicalPlan {
    var plan = plan
    var id = 1
    while let shared = shareFirst(plan, id: id) {
      plan = shared
      id += 1
    }
    return plan
  }

  /// A subplan that may be shared, with its position in pre-order.
  private struct Candidate {
    var position: Int
    var nodeCount: Int
    var plan: LogicalPlan
  }

  /// Shares the largest subplan that occurs more than once; nil if none does.
  private func shareFirst(_ plan: LogicalPlan, id: Int) -> LogicalPlan? {
    var candidates: [Candidate] = []
    var position = 0
    collect(plan, &position, into: &candidates)
    for (index, first) in candidates.enumerated() {
      var merged = first.plan
      var occurrences: [(position: Int, counterparts: [ColumnID: PlanColumn])] = []
      for other in candidates[(index + 1)...]
      where other.position >= first.position + first.nodeCount
        && other.nodeCount == first.nodeCount
      {
        var merge = SubplanMerge()
        guard let both = merge.merge(merged, other.plan) else { continue }
        merged = both
        occurrences.append((other.position, merge.counterparts))
      }
      if occurrences.isEmpty { continue }
      occurrences.append((first.position, [:]))
      position = 0
      return replace(plan, &position) { position, node in
        guard let occurrence = occurrences.first(where: { $0.position == position }) else {
          return nil
        }
        let columns = node.output
        return .shared(
          Shared(
            id: id,
            input: merged,
            columns: columns,
            sources: columns.map { occurrence.counterparts[$0.id] ?? $0 },
            isFirst: position == first.position
          )
        )
      }
    }
    return nil
  }

  private func collect(_ plan: LogicalPlan, _ position: inout Int, into list: inout [Candidate]) {
    let start = position
    let place = list.count
    position += 1
    for child in plan.children { collect(child, &position, into: &list) }
    switch plan {
    case .aggregate, .window:
      // Before what lies within it.
      list.insert(Candidate(position: start, nodeCount: position - start, plan: plan), at: place)
    default:
      break
    }
  }

  /// Returns a plan with nodes replaced, known by their position in pre-order.
  private func replace(
    _ plan: LogicalPlan,
    _ position: inout Int,
    with replacement: (Int, LogicalPlan) -> LogicalPlan?
  ) -> LogicalPlan {
    if let replaced = replacement(position, plan) {
      position += plan.nodeCount
      return replaced
    }
    position += 1
    return plan.mapChildren { replace($0, &position, with: replacement) }
  }
}
