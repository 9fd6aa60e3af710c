/// All aggregate functions.
enum AggregateFunctions {
  static let all: [any AggregateFunction.Type] = [
    AnyValue.self,
    ApproximateDistinct.self,
    ApproximatePercentile.self,
    ApproximateSet.self,
    ArrayAggregate.self,
    Average.self,
    BitwiseFolds.self,
    BooleanAnd.self,
    BooleanOr.self,
    Count.self,
    CountIf.self,
    Covariance.self,
    ExtremeBy.self,
    GeometricMean.self,
    MapAggregate.self,
    Maximum.self,
    MergeSketches.self,
    Minimum.self,
    QuantileDigestAggregate.self,
    SetDigestAggregate.self,
    Sum.self,
    TDigestAggregate.self,
    Variance.self,
  ]
}
