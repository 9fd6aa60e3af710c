/// All scalar functions, family by family.
enum ScalarFunctions {
  static let all: [any ScalarFunction.Type] = []
}
