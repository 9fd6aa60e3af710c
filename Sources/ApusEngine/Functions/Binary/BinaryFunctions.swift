/// Functions of varbinaries.
enum BinaryFunctions {
  static let all: [any ScalarFunction.Type] = [
    Base32.self,
    Base64.self,
    BinaryNumbers.self,
    Checksums.self,
    CryptographicHashes.self,
    Hexadecimal.self,
    TextEncoding.self,
  ]
}
