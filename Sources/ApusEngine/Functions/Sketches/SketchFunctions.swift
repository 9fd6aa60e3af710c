/// Functions of sketches.
enum SketchFunctions {
  static let all: [any ScalarFunction.Type] = [
    EmptyApproximateSet.self,
    HashCounts.self,
    QuantileAtValue.self,
    SetDigestSimilarity.self,
    SketchCardinality.self,
    ValueAtQuantile.self,
    ValuesAtQuantiles.self,
  ]
}
