import ApusPlanner
import ApusValues

/// `count(*)`, `count(x)`.
enum Count: AggregateFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        """
        SELECT count(*), count(x), count(DISTINCT x)
        FROM (VALUES 1, 1, NULL) AS t(x)
        """,
        "3, 2, 1"
      )
    ]
  }

  static let overloads = [
    AggregateOverload(
      FunctionSignature(
        "count",
        kind: .aggregate,
        [],
        returns: .type(.bigint),
        summary: "Counts rows, whatever they hold."
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
