import ApusPlanner
import ApusValues

/// `count_if(condition)`.
enum CountIf: AggregateFunction {
  static let overloads = [
    AggregateOverload(
      FunctionSignature(
        "count_if",
        kind: .aggregate,
        [.type(.boolean)],
        returns: .type(.bigint),
        summary: "Counts the rows for which the condition is true."
      )
    ) { _ throws(SQLError) in CountAccumulator(.whereTrue) }
  ]
}
