/// Which names SHOW lists: Hive's patterns, letter case ignored.
///
/// `*` stands for any characters, `|` separates choices: `order*|line*`. Where SHOW takes Trino's
/// LIKE (FUNCTIONS, SESSION, CATALOGS), `%` is any characters and `_` one.
struct NamePattern {
  enum Notation {
    case hive
    case like
  }

  private enum Token: Equatable {
    case scalar(Unicode.Scalar)
    case anyScalar
    case anyText
  }

  private let choices: [[Token]]

  init(_ text: String, _ notation: Notation) {
    let scalars = Array(text.lowercased().unicodeScalars)
    switch notation {
    case .hive:
      choices = scalars.split(separator: "|", omittingEmptySubsequences: false).map { choice in
        choice.map { $0 == "*" ? .anyText : .scalar($0) }
      }
    case .like:
      choices = [scalars.map { $0 == "%" ? .anyText : $0 == "_" ? .anyScalar : .scalar($0) }]
    }
  }

  func matches(_ name: String) -> Bool {
    let scalars = Array(name.lowercased().unicodeScalars)
    return choices.contains { NamePattern.matches(scalars, $0) }
  }

  private static func matches(_ scalars: [Unicode.Scalar], _ tokens: [Token]) -> Bool {
    var position = 0
    var token = 0
    var retry: (token: Int, position: Int)?
    while position < scalars.count {
      if token < tokens.count, tokens[token] == .anyText {
        retry = (token, position)
        token += 1
      } else if token < tokens.count,
        tokens[token] == .anyScalar || tokens[token] == .scalar(scalars[position])
      {
        token += 1
        position += 1
      } else if let star = retry {
        // Let the last star take one more character.
        retry = (star.token, star.position + 1)
        position = star.position + 1
        token = star.token + 1
      } else {
        return false
      }
    }
    return tokens[token...].allSatisfy { $0 == .anyText }
  }
}
