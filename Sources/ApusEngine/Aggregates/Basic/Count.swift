import ApusPlanner
import ApusValues

/// `count(*)`, `count(x)`.
enum Count: AggregateFunction {
  static let overloads = [
    AggregateOverload(
      FunctionSignature(
        "count",
        kind: .aggregate,
        [],
        returns: .type(.bigint),
        summary: "Counts rows."
      )
    ) { _ throws(SQLError) in CountAccumulator(.values) },
    AggregateOverload(
      FunctionSignature(
        "count",
        kind: .aggregate,
        [.any],
        returns: .type(.bigint),
        summary: "Counts the rows whose value is not NULL."
      )
    ) { _ throws(SQLError) in CountAccumulator(.values) },
  ]
}
