/// All aggregate functions.
enum AggregateFunctions {
  static let all: [any AggregateFunction.Type] = [
    AnyValue.self,
    ApproximateDistinct.self,
    ApproximateMostFrequent.self,
    ApproximatePercentile.self,
    ArrayAggregate.self,
    Average.self,
    BitwiseFolds.self,
    BooleanAnd.self,
    BooleanOr.self,
    CentralMoments.self,
    Checksum.self,
    Count.self,
    CountIf.self,
    Covariance.self,
    ExtremeBy.self,
    GeometricMean.self,
    ListAggregate.self,
    MapAggregate.self,
    Maximum.self,
    Minimum.self,
    NumericHistogramAggregate.self,
    ReduceAggregate.self,
    Sum.self,
    Variance.self,
  ]
}
