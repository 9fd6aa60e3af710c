/// Functions of network addresses.
enum NetworkFunctions {
  static let all: [any ScalarFunction.Type] = [NetworkContains.self]
}
