/// Functions of maps.
enum MapFunctions {
  static let all: [any ScalarFunction.Type] = [
    MapConstructor.self,
    MapEntries.self,
    MapLambdas.self,
    MapParts.self,
    MapZipWith.self,
  ]
}
