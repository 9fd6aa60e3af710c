/// Is one sign or word of the rules' notation.
struct NotationSymbol: Hashable {
  var kind: Kind
  var line: Int

  enum Kind: Hashable {
    /// A rule, a token class, or a word of the notation (`list`, `of`, `nonreserved`, `except`).
    case name(String)
    case keyword(String)
    /// What stands between double quotes.
    case quoted(String)
    /// One of `= | [ ] { } ( ) .`, `@` and `!`.
    case sign(Character)
  }

  /// Cuts one line into symbols.
  static func read(
    _ line: String,
    file: String,
    number: Int,
    into symbols: inout [NotationSymbol]
  ) throws(GrammarError) {
    var rest = Substring(line)
    while let first = rest.first {
      if first == " " {
        rest.removeFirst()
      } else if first == "\"" {
        let content = rest.dropFirst().prefix { $0 != "\"" }
        rest = rest.dropFirst(content.count + 2)
        symbols.append(NotationSymbol(kind: .quoted(String(content)), line: number))
      } else if "=|[]{}().@!".contains(first) {
        rest.removeFirst()
        symbols.append(NotationSymbol(kind: .sign(first), line: number))
      } else if first.isASCII, first.isLetter {
        let word = String(rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
        rest = rest.dropFirst(word.count)
        let isKeyword = word.allSatisfy { !$0.isLowercase }
        symbols.append(NotationSymbol(kind: isKeyword ? .keyword(word) : .name(word), line: number))
      } else {
        throw GrammarError(file: file, line: number, message: "'\(first)' is not of the notation")
      }
    }
  }
}

/// Reads rules from the symbols of one file, by recursive descent.
struct RuleReader {
  let symbols: [NotationSymbol]
  let file: String
  /// The comment before a line, by the number of the line.
  let prose: [Int: String]
  /// The names that are token classes.
  let tokens: Set<String>
  var choiceCount: Int
  private var index = 0

  init(
    symbols: [NotationSymbol],
    file: String,
    prose: [Int: String],
    tokens: Set<String>,
    choiceCount: Int
  ) {
    self.symbols = symbols
    self.file = file
    self.prose = prose
    self.tokens = tokens
    self.choiceCount = choiceCount
  }

  private var current: NotationSymbol.Kind? {
    index < symbols.count ? symbols[index].kind : nil
  }

  private var line: Int { symbols.isEmpty ? 1 : symbols[min(index, symbols.count - 1)].line }

  private func failure(_ message: String) -> GrammarError {
    GrammarError(file: file, line: line, message: message)
  }

  private mutating func accept(_ kind: NotationSymbol.Kind) -> Bool {
    guard current == kind else { return false }
    index += 1
    return true
  }

  private mutating func expect(_ sign: Character) throws(GrammarError) {
    guard accept(.sign(sign)) else { throw failure("'\(sign)' expected") }
  }

  mutating func readRules() throws(GrammarError) -> [Rule] {
    var rules: [Rule] = []
    while case .name(let name)? = current {
      let start = line
      index += 1
      try expect("=")
      let body = try readChoice()
      try expect(".")
      rules.append(
        Rule(name: name, body: body, prose: prose[start] ?? "", file: file, line: start)
      )
    }
    guard current == nil else { throw failure("a rule expected") }
    return rules
  }

  private mutating func nextChoice() -> Int {
    choiceCount += 1
    return choiceCount - 1
  }

  private mutating func readChoice() throws(GrammarError) -> Element {
    var alternatives = [try readAlternative()]
    while accept(.sign("|")) { alternatives.append(try readAlternative()) }
    if alternatives.count == 1, alternatives[0].dialect == nil { return alternatives[0].element }
    return .choice(alternatives, id: nextChoice())
  }

  private mutating func readAlternative() throws(GrammarError) -> Alternative {
    var dialect: String?
    if accept(.sign("@")) {
      guard case .name(let name)? = current, Grammar.dialects.contains(name) else {
        throw failure("a dialect expected: \(Grammar.dialects.joined(separator: ", "))")
      }
      index += 1
      dialect = name
    }
    var elements: [Element] = []
    while let element = try readElement() { elements.append(element) }
    guard !elements.isEmpty else { throw failure("an alternative must not be empty") }
    return Alternative(
      dialect: dialect,
      element: elements.count == 1 ? elements[0] : .sequence(elements)
    )
  }

  /// Reads one element; nil at a sign that ends the alternative.
  private mutating func readElement() throws(GrammarError) -> Element? {
    switch current {
    case .keyword(let word):
      index += 1
      return .terminal(.keyword(word))
    case .quoted(let sign):
      index += 1
      return .terminal(.symbol(sign))
    case .name("list"):
      index += 1
      return try readList()
    case .name("nonreserved"):
      index += 1
      return .terminal(.nonreserved(except: try readExceptions()))
    case .name(let name):
      index += 1
      return tokens.contains(name) ? .terminal(.token(name)) : .reference(name)
    case .sign("("):
      index += 1
      let element = try readChoice()
      try expect(")")
      return element
    case .sign("["):
      index += 1
      let element = try readChoice()
      try expect("]")
      return .optional(element, id: nextChoice())
    case .sign("{"):
      index += 1
      let element = try readChoice()
      try expect("}")
      return .repetition(element, id: nextChoice())
    case .sign("!"):
      index += 1
      guard case .terminal(let terminal)? = try readElement() else {
        throw failure("a word or a sign expected after !")
      }
      return .exclusion(terminal)
    case .sign, nil:
      return nil
    }
  }

  /// Reads `(x)` or `(SEPARATOR of x)` after `list`.
  private mutating func readList() throws(GrammarError) -> Element {
    try expect("(")
    guard let first = try readElement() else { throw failure("an element expected") }
    var separator = Element.terminal(.symbol(","))
    var item = first
    if accept(.name("of")) {
      guard let second = try readElement() else { throw failure("an element expected") }
      separator = first
      item = second
    }
    try expect(")")
    return .sequence([item, .repetition(.sequence([separator, item]), id: nextChoice())])
  }

  private mutating func readExceptions() throws(GrammarError) -> [String] {
    guard accept(.name("except")) else { return [] }
    try expect("(")
    var words: [String] = []
    while case .keyword(let word)? = current {
      words.append(word)
      index += 1
    }
    try expect(")")
    return words
  }
}
