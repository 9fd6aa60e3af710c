import ApusValues

/// Counts what a parser does: tokens taken, tokens looked ahead at, and questions asked.
final class ParserSteps {
  var count = 0
}

/// Reads tokens into a tree by recursive descent; operators by precedence climbing.
///
/// Each file of this folder reads the productions of one file of Grammar/, under their names
/// there. The parser never goes back: where two productions begin alike, it looks ahead. Every
/// question it asks at a token is kept in `expectations`, so that an error can say what would
/// have been right.
struct Parser {
  let bytes: [UInt8]
  let tokens: [Token]
  let dialect: Dialect
  private let lexicalError: SQLError?
  private let steps: ParserSteps?
  private(set) var index = 0
  private(set) var expectations: [Expectation] = []
  private var nesting = 0
  /// The height of the tallest tree read so far at this level of nesting.
  private var height = 0
  private(set) var parameterCount = 0
  /// The token at which the primary that was read last begins; `a.*` needs it.
  var lastPrimaryStart = -1
  /// Whether the SELECT that comes next may have TOP: where LIMIT can follow it alone.
  var mayHaveTop = false
  /// The TOP of the SELECT that was read last.
  private var top: LimitClause?

  init(_ text: String, dialect: Dialect, steps: ParserSteps? = nil) throws(SQLError) {
    let byteCount = text.utf8.count
    guard byteCount <= SyntaxLimits.textByteCount else {
      throw SQLError(
        .queryTextTooLarge,
        "the statement's text has \(byteCount) bytes; the limit is \(SyntaxLimits.textByteCount)"
      )
    }
    let lexer = Lexer(text, dialect: dialect)
    bytes = lexer.bytes
    tokens = lexer.tokens
    lexicalError = lexer.error
    self.dialect = dialect
    self.steps = steps
  }

  var current: Token { tokens[index] }

  /// The token `distance` after the current one; the last token stands for all that follow it.
  func peek(_ distance: Int = 1) -> Token {
    steps?.count += 1
    return tokens[min(index + distance, tokens.count - 1)]
  }

  func text(of token: Token) -> String { Lexer.text(bytes, token.range) }

  /// The place from a token on up to the last token taken.
  func range(from start: Int) -> SourceRange {
    let first = tokens[start].range
    guard index > start else { return SourceRange(start: first.start, end: first.start) }
    return SourceRange(start: first.start, end: tokens[index - 1].range.end)
  }

  var hasTop: Bool { top != nil }

  /// Keeps the TOP of a SELECT that has been read for the query around it.
  mutating func keepTop(_ clause: LimitClause?) { top = clause }

  mutating func takeTop() -> LimitClause? {
    defer { top = nil }
    return top
  }

  mutating func advance() {
    expectations.removeAll(keepingCapacity: true)
    steps?.count += 1
    if index < tokens.count - 1 { index += 1 }
  }

  /// Gives the next parameter its position.
  mutating func takeParameter() -> Expression {
    let start = index
    advance()
    parameterCount += 1
    return .parameter(Parameter(index: parameterCount - 1, range: range(from: start)))
  }

  /// Takes `$1`, which may stand anywhere and more than once.
  mutating func takeNumberedParameter() -> Expression {
    let start = index
    // The lexer has seen to it that the number is one.
    let number = Int(text(of: current).dropFirst()) ?? 1
    advance()
    parameterCount = max(parameterCount, number)
    return .parameter(Parameter(index: number - 1, range: range(from: start)))
  }
}

// Questions to the current token.
extension Parser {
  func isAt(_ keyword: Keyword) -> Bool { current.kind == .keyword(keyword) }
  func isAt(_ symbol: Symbol) -> Bool { current.kind == .symbol(symbol) }

  /// Notes what could stand here, for the message if nothing does.
  mutating func note(_ expectation: Expectation) {
    steps?.count += 1
    expectations.append(expectation)
  }

  /// Takes the current token if it is `keyword`.
  mutating func accept(_ keyword: Keyword) -> Bool {
    note(.keyword(keyword))
    guard isAt(keyword) else { return false }
    advance()
    return true
  }

  /// Takes the current token if it is `symbol`.
  mutating func accept(_ symbol: Symbol) -> Bool {
    note(.symbol(symbol))
    guard isAt(symbol) else { return false }
    advance()
    return true
  }

  mutating func expect(_ keyword: Keyword) throws(SQLError) {
    guard accept(keyword) else { throw unexpected() }
  }

  mutating func expect(_ symbol: Symbol) throws(SQLError) {
    guard accept(symbol) else { throw unexpected() }
  }

  /// Takes whichever of the keywords is there.
  mutating func accept(oneOf keywords: Keyword...) -> Keyword? {
    for keyword in keywords where accept(keyword) { return keyword }
    return nil
  }

  /// Takes whichever of the keywords is there.
  mutating func expect(oneOf keywords: Keyword...) throws(SQLError) -> Keyword {
    for keyword in keywords where accept(keyword) { return keyword }
    throw unexpected()
  }
}

// Bounds of the tree.
extension Parser {
  /// Goes one level down; `close` with the result comes back up.
  ///
  /// - Throws: STACK_OVERFLOW beyond `SyntaxLimits.nesting`.
  mutating func open() throws(SQLError) -> Int {
    nesting += 1
    guard nesting <= SyntaxLimits.nesting else {
      throw SQLError(
        .stackOverflow,
        "the statement is nested more than \(SyntaxLimits.nesting) levels deep",
        at: current.range
      )
    }
    let outer = height
    height = 0
    return outer
  }

  mutating func close(_ outer: Int) {
    nesting -= 1
    height = max(outer, height + 1)
  }

  /// Starts a chain that leans to the left beside what has been read; `joinChain` ends it.
  mutating func startChain() -> Int {
    let outer = height
    height = 0
    return outer
  }

  mutating func joinChain(_ outer: Int) { height = max(outer, height) }

  /// Counts a node set on top of what has been read at this level.
  ///
  /// - Throws: STACK_OVERFLOW beyond `SyntaxLimits.treeHeight`.
  mutating func grow() throws(SQLError) {
    height += 1
    guard height + nesting <= SyntaxLimits.treeHeight else {
      throw SQLError(
        .stackOverflow,
        "operators or joins are stacked more than \(SyntaxLimits.treeHeight) high",
        at: current.range,
        hint: "Group a long chain with parentheses: (a + b + …) + (c + d + …) + …."
      )
    }
  }
}

// What went wrong at the current token.
extension Parser {
  /// Returns the error that nothing expected stands here.
  func unexpected() -> SQLError {
    if current.kind == .invalid, let lexicalError { return lexicalError }
    let found = current.kind == .end ? "<EOF>" : shortened(text(of: current))
    var names: [String] = []
    for name in expectations.map(\.text).sorted() where names.last != name { names.append(name) }
    var message = "mismatched input '\(found)'"
    if !names.isEmpty { message += ". Expecting: \(names.joined(separator: ", "))" }
    return SQLError(.syntaxError, message, at: current.range, hint: hint())
  }

  /// Whether a name or an expression could have stood here.
  var expectsName: Bool {
    expectations.contains(.rule(.identifier)) || expectations.contains(.rule(.expression))
  }

  /// The keywords that could have stood here, in the order of the questions.
  var expectedKeywords: [Keyword] {
    expectations.compactMap { if case .keyword(let keyword) = $0 { keyword } else { nil } }
  }

  private func shortened(_ text: String) -> String {
    text.count <= 60 ? text : text.prefix(57) + "..."
  }
}
