/// All aggregate functions, family by family.
enum AggregateFunctions {
  /// In the reference's order, with its headings.
  static let families: [(title: String, functions: [any AggregateFunction.Type])] = [
    (
      "Aggregates",
      [
        AnyValue.self, Average.self, BooleanAnd.self, BooleanOr.self, Checksum.self, Count.self,
        CountIf.self, ExtremeBy.self, ListAggregate.self, Maximum.self, Minimum.self, Sum.self,
      ]
    ),
    (
      "Aggregates into arrays and maps",
      [ArrayAggregate.self, MapAggregate.self, ReduceAggregate.self]
    ),
    (
      "Statistical aggregates",
      [CentralMoments.self, Covariance.self, GeometricMean.self, Variance.self]
    ),
    ("Bitwise aggregates", [BitwiseFolds.self]),
    (
      "Approximate aggregates",
      [
        ApproximateDistinct.self, ApproximateMostFrequent.self, ApproximatePercentile.self,
        NumericHistogramAggregate.self,
      ]
    ),
    (
      "Aggregates into sketches",
      [
        ApproximateSet.self, MergeSketches.self, QuantileDigestAggregate.self,
        SetDigestAggregate.self, TDigestAggregate.self,
      ]
    ),
    ("Geospatial aggregates", [GeometryAggregates.self]),
  ]

  static let all: [any AggregateFunction.Type] = families.flatMap(\.functions)
}
