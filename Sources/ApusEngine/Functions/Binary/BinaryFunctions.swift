/// Functions of varbinaries.
enum BinaryFunctions {
  static let all: [any ScalarFunction.Type] = [
    Base64.self,
    Hexadecimal.self,
    TextEncoding.self,
  ]
}
