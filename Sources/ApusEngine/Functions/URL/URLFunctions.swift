/// Functions of URLs.
enum URLFunctions {
  static let all: [any ScalarFunction.Type] = [URLExtract.self, URLEncoding.self]
}
