import ApusPlanner
import ApusValues

/// `count_if(condition)`.
enum CountIf: AggregateFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("SELECT count_if(x > 1) FROM (VALUES 1, 2, 3, NULL) AS t(x)", "2")
    ]
  }

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
