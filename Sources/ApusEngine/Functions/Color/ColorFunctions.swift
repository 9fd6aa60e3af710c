/// Functions that color text for terminals.
enum ColorFunctions {
  static let all: [any ScalarFunction.Type] = [
    MakeColor.self, RGB.self, Render.self, Bar.self,
  ]
}
