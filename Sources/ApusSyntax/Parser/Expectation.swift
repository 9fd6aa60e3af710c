/// Is something that could have stood where the parser is.
enum Expectation: Hashable {
  case keyword(Keyword)
  case symbol(Symbol)
  case rule(Rule)

  /// Is a kind of thing, where listing the tokens it can begin with would say less.
  enum Rule: String {
    case statement
    case query
    case expression
    case identifier
    case type
    case text = "string"
    case integer
    case end = "EOF"
  }

  /// How messages name it: words and signs in quotes, kinds in angle brackets.
  var text: String {
    switch self {
    case .keyword(let keyword): "'\(keyword.rawValue)'"
    case .symbol(let symbol): "'\(symbol.rawValue)'"
    case .rule(let rule): "<\(rule.rawValue)>"
    }
  }
}
