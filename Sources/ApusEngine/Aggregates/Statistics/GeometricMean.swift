import ApusPlanner
import ApusValues

/// `geometric_mean(x)`: the exponential of the average logarithm.
enum GeometricMean: AggregateFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        """
        SELECT round(geometric_mean(x), 4)
        FROM (VALUES 1, 10, 100) AS t(x)
        """,
        "10.0"
      )
    ]
  }

  static let overloads = [
    AggregateOverload(
      FunctionSignature(
        "geometric_mean",
        kind: .aggregate,
        [.type(.double)],
        returns: .type(.double),
        summary: "Returns the geometric mean of the values."
      )
    ) { _ throws(SQLError) in
      FloatingSumAccumulator(
        .float64,
        .exponentialOfAverage,
        result: .double,
        transform: naturalLogarithm
      )
    }
  ]
}
