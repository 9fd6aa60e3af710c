/// Functions between numbers and text.
enum ConversionFunctions {
  static let all: [any ScalarFunction.Type] = [DataSize.self, Format.self, FormatNumber.self]
}
