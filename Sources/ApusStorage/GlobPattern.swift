// Paths with wildcards, by segments:
//
//   *        any characters of a name          ?        one character
//   [a-z]    one of these, [!a-z] none         {a,b}    either text, also with slashes in it
//   **       any number of directories         \*       the character itself
//
// Characters are Unicode scalars.

/// A path pattern without alternatives: `{a,b}` is expanded before.
public struct GlobPattern: Hashable, Sendable {
  /// One directory level of a pattern.
  enum Segment: Hashable, Sendable {
    case literal(String)
    case pattern([Token])
    /// `**`: any number of directories, none included.
    case anyDirectories
  }

  enum Token: Hashable, Sendable {
    case scalar(Unicode.Scalar)
    case anyScalar
    case anyText
    case oneOf([ClosedRange<Unicode.Scalar>], inverted: Bool)
  }

  /// Where the path starts: `/`, nothing, or a scheme and bucket as `s3://lake/`.
  let root: ObjectPath
  let segments: [Segment]

  /// Whether a path means more than the object of that name.
  public static func isPattern(_ path: String) -> Bool {
    path.unicodeScalars.contains { "*?[{".unicodeScalars.contains($0) }
  }

  init(expanded path: String) {
    root = ObjectPath(path).root
    segments = path.dropFirst(root.text.count).split(separator: "/").map {
      GlobPattern.segment($0)
    }
  }

  /// Parses a path, giving one pattern for each choice among its alternatives.
  ///
  /// - Returns: at most 4096 patterns; nil if there would be more.
  public static func parse(_ path: String) -> [GlobPattern]? {
    var pending = [Array(path.unicodeScalars)]
    var finished: [GlobPattern] = []
    while let scalars = pending.popLast() {
      guard let choice = firstAlternatives(scalars) else {
        finished.append(GlobPattern(expanded: text(scalars[...])))
        continue
      }
      guard pending.count + finished.count + choice.texts.count <= 4096 else { return nil }
      // Reversed, so that the first alternative is taken from the stack first.
      for alternative in choice.texts.reversed() {
        pending.append(Array(scalars[..<choice.start]) + alternative + scalars[choice.end...])
      }
    }
    return finished
  }

  /// Finds the first `{a,b}`: where it starts and ends, and its texts.
  private static func firstAlternatives(_ scalars: [Unicode.Scalar])
    -> (start: Int, end: Int, texts: [ArraySlice<Unicode.Scalar>])?
  {
    var start: Int?
    var depth = 0
    var texts: [ArraySlice<Unicode.Scalar>] = []
    var textStart = 0
    var index = 0
    while index < scalars.count {
      switch scalars[index] {
      case "\\":
        index += 1
      case "{":
        if depth == 0 {
          start = index
          textStart = index + 1
        }
        depth += 1
      case "," where depth == 1:
        texts.append(scalars[textStart..<index])
        textStart = index + 1
      case "}" where depth > 0:
        depth -= 1
        if depth == 0, let start {
          texts.append(scalars[textStart..<index])
          return (start, index + 1, texts)
        }
      default: break
      }
      index += 1
    }
    return nil
  }

  private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  private static func segment(_ text: Substring) -> Segment {
    if text == "**" { return .anyDirectories }
    var tokens: [Token] = []
    var isLiteral = true
    let scalars = Array(text.unicodeScalars)
    var index = 0
    while index < scalars.count {
      switch scalars[index] {
      case "*":
        isLiteral = false
        if tokens.last != .anyText { tokens.append(.anyText) }
      case "?":
        isLiteral = false
        tokens.append(.anyScalar)
      case "[":
        if let (token, end) = characterClass(scalars, at: index) {
          isLiteral = false
          tokens.append(token)
          index = end - 1
        } else {
          tokens.append(.scalar("["))
        }
      case "\\" where index + 1 < scalars.count:
        index += 1
        tokens.append(.scalar(scalars[index]))
      default:
        tokens.append(.scalar(scalars[index]))
      }
      index += 1
    }
    guard isLiteral else { return .pattern(tokens) }
    var literal = String.UnicodeScalarView()
    for case .scalar(let scalar) in tokens { literal.append(scalar) }
    return .literal(String(literal))
  }

  /// Reads `[…]` at `start`; nil if the bracket is never closed.
  private static func characterClass(_ scalars: [Unicode.Scalar], at start: Int)
    -> (Token, end: Int)?
  {
    var index = start + 1
    var inverted = false
    if index < scalars.count, scalars[index] == "!" || scalars[index] == "^" {
      inverted = true
      index += 1
    }
    var ranges: [ClosedRange<Unicode.Scalar>] = []
    while index < scalars.count {
      // A closing bracket in first place is one of the characters.
      if scalars[index] == "]", !ranges.isEmpty {
        return (.oneOf(ranges, inverted: inverted), index + 1)
      }
      let lower = scalars[index]
      if index + 2 < scalars.count, scalars[index + 1] == "-", scalars[index + 2] != "]" {
        let upper = scalars[index + 2]
        ranges.append(min(lower, upper)...max(lower, upper))
        index += 3
      } else {
        ranges.append(lower...lower)
        index += 1
      }
    }
    return nil
  }

  /// Whether a name matches the tokens: linear in time but for the retries of the last `*`.
  static func matches(_ name: some StringProtocol, _ tokens: [Token]) -> Bool {
    let scalars = Array(name.unicodeScalars)
    var position = 0
    var token = 0
    var retryToken: Int?
    var retryPosition = 0
    while position < scalars.count {
      if token < tokens.count, tokens[token] == .anyText {
        retryToken = token
        retryPosition = position
        token += 1
      } else if token < tokens.count, tokens[token].accepts(scalars[position]) {
        token += 1
        position += 1
      } else if let star = retryToken {
        // Let the last star take one more character.
        retryPosition += 1
        position = retryPosition
        token = star + 1
      } else {
        return false
      }
    }
    return tokens[token...].allSatisfy { $0 == .anyText }
  }
}

extension GlobPattern.Token {
  fileprivate func accepts(_ scalar: Unicode.Scalar) -> Bool {
    switch self {
    case .scalar(let own): own == scalar
    case .anyScalar: true
    case .anyText: false
    case .oneOf(let ranges, let inverted): ranges.contains { $0.contains(scalar) } != inverted
    }
  }
}
