/// Functions of numbers.
enum MathFunctions {
  static let all: [any ScalarFunction.Type] = [
    AbsoluteValue.self,
    DistributionFunctions.self,
    ElementaryFunctions.self,
    FloatingConstants.self,
    FloatingTests.self,
    Modulo.self,
    NumberBases.self,
    Random.self,
    Round.self,
    RoundingRules.self,
    Sign.self,
    VectorFunctions.self,
    WidthBucket.self,
    WilsonInterval.self,
  ]
}
