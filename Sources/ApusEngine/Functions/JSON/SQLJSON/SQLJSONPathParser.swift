import ApusValues

/// Reads paths of SQL/JSON.
///
///     path        = ( "lax" | "strict" ) expression
///     predicate   = and { "||" and } ;  and = not { "&&" not } ;  not = [ "!" ] comparison
///     comparison  = sum [ ( "==" | "<>" | "!=" | "<" | "<=" | ">" | ">=" ) sum
///                       | "starts" "with" sum | "like_regex" text [ "flag" text ] | "is" "unknown" ]
///     sum         = product { ( "+" | "-" ) product }
///     product     = sign { ( "*" | "/" | "%" ) sign } ;  sign = { "+" | "-" } accessor
///     accessor    = primary { "." name | "." text | "." "*" | ".." name | "." method "(" ")"
///                       | "." "datetime" "(" [ text ] ")"
///                       | "[" "*" "]" | "[" subscript { "," subscript } "]" | "?" "(" predicate ")" }
///     primary     = "$" [ name ] | "@" | "last" | number | text | "true" | "false" | "null"
///                       | "exists" "(" sum ")" | "(" predicate ")"
///
/// A parenthesis holds either a predicate or an expression; what it holds says which.
struct SQLJSONPathParser {
  typealias Node = SQLJSONPath.Node

  private let path: String
  private let text: [Unicode.Scalar]
  private let parameters: [String]
  private var position = 0
  private var nesting = 0
  private var filterDepth = 0
  private var subscriptDepth = 0
  private var chainLength = 0

  private static let nestingLimit = 100
  /// How many steps and operations follow one another at most: they are visited by recursion.
  private static let chainLimit = 1000

  /// - Parameter parameters: the names behind PASSING.
  init(_ path: String, parameters: [String]) {
    self.path = path
    text = Array(path.unicodeScalars)
    self.parameters = parameters
  }

  /// - Throws: INVALID_PATH for what is no path.
  mutating func parse() throws(SQLError) -> SQLJSONPath {
    let isLax: Bool
    switch word() {
    case "lax": isLax = true
    case "strict": isLax = false
    default: throw invalid("it begins with lax or strict")
    }
    let root = try expression(parseOr())
    skipSpaces()
    guard position == text.count else { throw invalid("unexpected text at \(position + 1)") }
    return SQLJSONPath(isLax: isLax, root: root)
  }

  private func invalid(_ reason: String) -> SQLError {
    SQLError(.invalidPath, "Invalid JSON path '\(path)': \(reason)")
  }

  private func expression(_ node: Node) throws(SQLError) -> Node {
    guard !node.isPredicate else { throw invalid("a predicate stands where a value is expected") }
    return node
  }

  private func predicate(_ node: Node) throws(SQLError) -> Node {
    guard node.isPredicate else { throw invalid("a value stands where a predicate is expected") }
    return node
  }
}

// Characters and words.
extension SQLJSONPathParser {
  private func peek(_ offset: Int = 0) -> Unicode.Scalar? {
    position + offset < text.count ? text[position + offset] : nil
  }

  private mutating func skipSpaces() {
    while let scalar = peek(), " \t\r\n".unicodeScalars.contains(scalar) { position += 1 }
  }

  /// Skips the symbol if it comes next.
  private mutating func accept(_ symbol: String) -> Bool {
    skipSpaces()
    let scalars = symbol.unicodeScalars
    guard text[position...].starts(with: scalars) else { return false }
    position += scalars.count
    return true
  }

  private mutating func expect(_ symbol: String) throws(SQLError) {
    guard accept(symbol) else { throw invalid("'\(symbol)' expected at \(position + 1)") }
  }

  private func isWordScalar(_ scalar: Unicode.Scalar, isFirst: Bool) -> Bool {
    if scalar == "_" { return true }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      return true
    case .decimalNumber:
      return !isFirst
    default:
      return false
    }
  }

  /// Skips a word and returns it.
  private mutating func word() -> String? {
    skipSpaces()
    let start = position
    while let scalar = peek(), isWordScalar(scalar, isFirst: position == start) { position += 1 }
    if position == start { return nil }
    return String(String.UnicodeScalarView(text[start..<position]))
  }

  /// Skips a word if it comes next.
  private mutating func accept(word expected: String) -> Bool {
    let start = position
    if word() == expected { return true }
    position = start
    return false
  }

  /// Reads text in double quotes, in which two of them are one.
  private mutating func quoted() throws(SQLError) -> String {
    try expect("\"")
    var result = String.UnicodeScalarView()
    while let scalar = peek() {
      position += 1
      if scalar == "\"" {
        guard peek() == "\"" else { return String(result) }
        position += 1
      }
      result.append(scalar)
    }
    throw invalid("a text has no end")
  }

  private mutating func countLink() throws(SQLError) {
    chainLength += 1
    guard chainLength <= SQLJSONPathParser.chainLimit else { throw invalid("it is too long") }
  }

  private mutating func nested<Result>(
    _ body: (inout SQLJSONPathParser) throws(SQLError) -> Result
  ) throws(SQLError) -> Result {
    nesting += 1
    guard nesting <= SQLJSONPathParser.nestingLimit else { throw invalid("it is nested too deep") }
    let result = try body(&self)
    nesting -= 1
    return result
  }
}

// Predicates and computations.
extension SQLJSONPathParser {
  private mutating func parseOr() throws(SQLError) -> Node {
    var left = try parseAnd()
    while accept("||") {
      try countLink()
      left = .or(try predicate(left), try predicate(parseAnd()))
    }
    return left
  }

  private mutating func parseAnd() throws(SQLError) -> Node {
    var left = try parseNot()
    while accept("&&") {
      try countLink()
      left = .and(try predicate(left), try predicate(parseNot()))
    }
    return left
  }

  private mutating func parseNot() throws(SQLError) -> Node {
    skipSpaces()
    guard peek() == "!", peek(1) != "=" else { return try parseComparison() }
    position += 1
    return try nested { parser throws(SQLError) in .not(try parser.predicate(parser.parseNot())) }
  }

  private mutating func parseComparison() throws(SQLError) -> Node {
    let left = try parseSum()
    if accept(word: "is") {
      guard accept(word: "unknown") else { throw invalid("'unknown' expected") }
      return .isUnknown(try predicate(left))
    }
    if left.isPredicate { return left }
    if accept(word: "starts") {
      guard accept(word: "with") else { throw invalid("'with' expected") }
      return .startsWith(left, try expression(parseSum()))
    }
    if accept(word: "like_regex") { return .likeRegex(left, try parseRegex()) }
    let operators: [(String, SQLJSONPath.Comparison)] = [
      ("==", .equal), ("<>", .notEqual), ("!=", .notEqual), ("<=", .lessOrEqual), ("<", .less),
      (">=", .greaterOrEqual), (">", .greater),
    ]
    for (symbol, comparison) in operators where accept(symbol) {
      return .comparison(comparison, left, try expression(parseSum()))
    }
    return left
  }

  private mutating func parseRegex() throws(SQLError) -> RegularExpression {
    let pattern = try quoted()
    guard accept(word: "flag") else { return try RegularExpression(pattern) }
    let flags = try quoted()
    guard !flags.isEmpty, flags.allSatisfy({ "ismx".contains($0) }) else {
      throw invalid("flags are i, s, m and x")
    }
    return try RegularExpression("(?\(flags))\(pattern)")
  }

  private mutating func parseSum() throws(SQLError) -> Node {
    var left = try parseProduct()
    while true {
      try countLink()
      if accept("+") {
        left = .arithmetic(.add, try expression(left), try expression(parseProduct()))
      } else if accept("-") {
        left = .arithmetic(.subtract, try expression(left), try expression(parseProduct()))
      } else {
        return left
      }
    }
  }

  private mutating func parseProduct() throws(SQLError) -> Node {
    var left = try parseSign()
    while true {
      try countLink()
      if accept("*") {
        left = .arithmetic(.multiply, try expression(left), try expression(parseSign()))
      } else if accept("/") {
        left = .arithmetic(.divide, try expression(left), try expression(parseSign()))
      } else if accept("%") {
        left = .arithmetic(.modulus, try expression(left), try expression(parseSign()))
      } else {
        return left
      }
    }
  }

  private mutating func parseSign() throws(SQLError) -> Node {
    if accept("-") {
      return try nested { parser throws(SQLError) in
        .negation(try parser.expression(parser.parseSign()))
      }
    }
    if accept("+") {
      return try nested { parser throws(SQLError) in
        .identity(try parser.expression(parser.parseSign()))
      }
    }
    return try parseAccessor()
  }
}

// Steps.
extension SQLJSONPathParser {
  private mutating func parseAccessor() throws(SQLError) -> Node {
    var node = try parsePrimary()
    while true {
      try countLink()
      if accept("..") {
        node = .descendant(try expression(node), try memberName())
      } else if accept(".") {
        node = try parseMember(of: expression(node))
      } else if accept("[") {
        node = .elements(try expression(node), try parseSubscripts())
      } else if accept("?") {
        try expect("(")
        filterDepth += 1
        let condition = try nested { parser throws(SQLError) in
          try parser.predicate(parser.parseOr())
        }
        filterDepth -= 1
        try expect(")")
        node = .filter(try expression(node), condition)
      } else {
        return node
      }
    }
  }

  private mutating func memberName() throws(SQLError) -> String {
    skipSpaces()
    if peek() == "\"" { return try quoted() }
    guard let name = word() else { throw invalid("a name is expected at \(position + 1)") }
    return name
  }

  private mutating func parseMember(of base: Node) throws(SQLError) -> Node {
    if accept("*") { return .member(base, nil) }
    skipSpaces()
    let isQuoted = peek() == "\""
    let name = try memberName()
    guard !isQuoted, accept("(") else { return .member(base, name) }
    if name == "datetime" { return try parseDatetime(of: base) }
    guard let method = SQLJSONPath.Method(rawValue: name) else {
      throw invalid("there is no method \(name)()")
    }
    try expect(")")
    return .method(base, method)
  }

  private mutating func parseDatetime(of base: Node) throws(SQLError) -> Node {
    skipSpaces()
    var template: DatetimeTemplate?
    if peek() == "\"" {
      let text = try quoted()
      do throws(DatetimeTemplate.Failure) {
        template = try DatetimeTemplate(text)
      } catch {
        throw invalid("invalid datetime() format template in JSON path: \(error.message)")
      }
    }
    try expect(")")
    return .datetime(base, template)
  }

  private mutating func parseSubscripts() throws(SQLError) -> [SQLJSONPath.Subscript] {
    if accept("*") {
      try expect("]")
      return []
    }
    subscriptDepth += 1
    var subscripts: [SQLJSONPath.Subscript] = []
    repeat {
      let subscription = try nested { parser throws(SQLError) in
        let from = try parser.expression(parser.parseSum())
        let to: Node? =
          parser.accept(word: "to") ? try parser.expression(parser.parseSum()) : nil
        return SQLJSONPath.Subscript(from: from, to: to)
      }
      subscripts.append(subscription)
    } while accept(",")
    subscriptDepth -= 1
    try expect("]")
    return subscripts
  }

  private mutating func parsePrimary() throws(SQLError) -> Node {
    skipSpaces()
    guard let scalar = peek() else { throw invalid("it ends too early") }
    switch scalar {
    case "$":
      position += 1
      guard let next = peek(), isWordScalar(next, isFirst: true), let name = word() else {
        return .document
      }
      guard let index = parameters.firstIndex(of: name) else {
        let isOtherCase = parameters.contains { $0.lowercased() == name.lowercased() }
        throw invalid(
          "no value passed for parameter \(name)"
            + (isOtherCase
              ? ". Try quoting \"\(name)\" in the PASSING clause to match case" : "")
        )
      }
      return .parameter(index)
    case "@":
      position += 1
      guard filterDepth > 0 else { throw invalid("@ stands outside of a filter") }
      return .currentItem
    case "\"":
      return .literal(.string(try quoted()))
    case "(":
      position += 1
      let node = try nested { parser throws(SQLError) in try parser.parseOr() }
      try expect(")")
      return node
    case "0"..."9", ".":
      return .literal(try parseNumber())
    default:
      let start = position
      switch word() {
      case "last":
        guard subscriptDepth > 0 else { throw invalid("last stands outside of a subscript") }
        return .last
      case "true": return .literal(.boolean(true))
      case "false": return .literal(.boolean(false))
      case "null": return .literal(.null)
      case "exists":
        try expect("(")
        let operand = try nested { parser throws(SQLError) in
          try parser.expression(parser.parseOr())
        }
        try expect(")")
        return .exists(operand)
      default:
        throw invalid("unexpected text at \(start + 1)")
      }
    }
  }

  private mutating func parseNumber() throws(SQLError) -> JSONItem {
    let start = position
    func skipDigits() {
      while let scalar = peek(), ("0"..."9").contains(scalar) { position += 1 }
    }
    skipDigits()
    var hasPoint = false
    if peek() == ".", let next = peek(1), ("0"..."9").contains(next) {
      hasPoint = true
      position += 1
      skipDigits()
    }
    var hasExponent = false
    if peek() == "e" || peek() == "E" {
      let mark = position
      position += 1
      if peek() == "+" || peek() == "-" { position += 1 }
      let digits = position
      skipDigits()
      hasExponent = position > digits
      if !hasExponent { position = mark }
    }
    let number = String(String.UnicodeScalarView(text[start..<position]))
    if hasExponent, let value = Double(number) { return .double(value) }
    if hasPoint, let (unscaled, _, scale) = Decimal.parse(number) {
      return .decimal(unscaled: unscaled, scale: scale)
    }
    if !hasPoint, let value = Int64(number) {
      return .integer(value, isWide: Int32(exactly: value) == nil)
    }
    throw invalid("'\(number)' is no number")
  }
}
