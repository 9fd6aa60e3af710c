/// Writes Sources/ApusSyntax/Lexer/Generated/Keyword.swift.
package enum KeywordEmitter {
  package static let path = "Sources/ApusSyntax/Lexer/Generated/Keyword.swift"

  package static func text(_ keywords: [KeywordEntry]) -> String {
    var text = """
      // (generated from Grammar/Keywords.txt by `swift run apus-grammar`)

      /// A word with a meaning of its own, in capitals.
      public enum Keyword: String, Sendable, CaseIterable {

      """
    for keyword in keywords {
      text += "  case \(SwiftName.declared(keyword.word)) = \"\(keyword.word)\"\n"
    }
    let reserved = keywords.filter(\.isReserved).map { ".\(SwiftName.of($0.word))" }
    text += """

        /// Whether the word is a name only in quotes.
        public var isReserved: Bool {
          switch self {
          case \(reserved.joined(separator: ",\n      ")):
            true
          default:
            false
          }
        }
      }

      """
    return text
  }
}

/// Turns names in capitals into names of Swift: `CURRENT_DATE` is `currentDate`.
enum SwiftName {
  private static let words: Set<String> = [
    "as", "case", "catch", "class", "default", "defer", "do", "else", "enum", "extension", "false",
    "for", "func", "guard", "if", "import", "in", "init", "internal", "is", "let", "nil",
    "operator", "private", "protocol", "public", "repeat", "return", "self", "static", "struct",
    "subscript", "super", "switch", "throw", "throws", "true", "try", "typealias", "var", "where",
    "while",
  ]

  static func of(_ name: String) -> String {
    let parts = name.lowercased().split(separator: "_")
    guard let first = parts.first else { return "" }
    return first + parts.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }

  /// The name where it is declared: in backquotes if it is a word of Swift.
  static func declared(_ name: String) -> String {
    let name = of(name)
    return words.contains(name) ? "`\(name)`" : name
  }
}
