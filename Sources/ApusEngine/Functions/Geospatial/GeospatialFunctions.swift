/// Functions of places on the Earth.
enum GeospatialFunctions {
  static let all: [any ScalarFunction.Type] = [GreatCircleDistance.self]
}
