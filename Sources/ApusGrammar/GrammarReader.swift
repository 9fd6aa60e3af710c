/// Reads the notation of the `.grammar` files; Grammar/README.md describes it.
///
/// A line that begins with `--` is prose for what follows; with `+` or `-` and a blank, an
/// example; with `token`, a token class whose samples are the indented lines below. All other
/// lines together are the rules.
package struct GrammarReader {
  package private(set) var grammar = Grammar()
  private var choiceCount = 0

  package init() {}

  /// Reads Grammar/Keywords.txt.
  package mutating func readKeywords(_ text: String, file: String) throws(GrammarError) {
    for (number, line) in Self.lines(text).enumerated() where !line.isEmpty && line.first != "#" {
      let fields = Self.fields(line)
      guard fields.count >= 3, fields[1] == "reserved" || fields[1] == "nonreserved" else {
        throw GrammarError(file: file, line: number + 1, message: "WORD CLASS SOURCE… expected")
      }
      grammar.keywords.append(
        KeywordEntry(
          word: fields[0],
          isReserved: fields[1] == "reserved",
          sources: Array(fields.dropFirst(2)),
          line: number + 1
        )
      )
    }
  }

  /// Reads one `.grammar` file.
  package mutating func read(_ text: String, file: String) throws(GrammarError) {
    var symbols: [NotationSymbol] = []
    var prose: [Int: String] = [:]
    var paragraph: [String] = []
    var openToken = false
    var exampleLines: [(line: Int, text: String)] = []
    for (number, line) in Self.lines(text).enumerated().map({ ($0.offset + 1, $0.element) }) {
      if line.hasPrefix("--") {
        paragraph.append(String(line.dropFirst(line.hasPrefix("-- ") ? 3 : 2)))
      } else if line.hasPrefix("+ ") || line.hasPrefix("- ") {
        exampleLines.append((number, line))
      } else if line.hasPrefix("token ") {
        try readToken(line, file: file, number: number)
        openToken = true
        paragraph = []
      } else if openToken, line.hasPrefix("  ") {
        grammar.tokens[grammar.tokens.count - 1].samples.append(String(line.dropFirst(2)))
      } else {
        openToken = false
        if line.isEmpty { continue }
        if line.first != " " {
          prose[number] = paragraph.joined(separator: "\n")
          paragraph = []
        }
        try NotationSymbol.read(line, file: file, number: number, into: &symbols)
      }
    }
    let firstRule = grammar.rules.count
    var rules = RuleReader(
      symbols: symbols,
      file: file,
      prose: prose,
      tokens: Set(grammar.tokens.map(\.name)),
      choiceCount: choiceCount
    )
    grammar.rules += try rules.readRules()
    choiceCount = rules.choiceCount
    guard firstRule < grammar.rules.count else {
      throw GrammarError(file: file, line: 1, message: "a file needs a rule")
    }
    let isStatement = file.hasPrefix("Statements/")
    let rule = isStatement ? Grammar.startRule : grammar.rules[firstRule].name
    for line in exampleLines {
      grammar.examples.append(try Self.example(line.text, rule: rule, file: file, line: line.line))
    }
  }

  private mutating func readToken(
    _ line: String,
    file: String,
    number: Int
  ) throws(GrammarError) {
    var fields = Self.fields(line)
    var dialect: String?
    if fields.count > 1, fields[1].hasPrefix("@") {
      dialect = String(fields.remove(at: 1).dropFirst())
    }
    guard dialect.map(Grammar.dialects.contains) ?? true else {
      throw GrammarError(file: file, line: number, message: "@\(dialect ?? "") is no dialect")
    }
    guard fields.count == 2 || (fields.count == 4 && fields[2] == "of") else {
      throw GrammarError(
        file: file,
        line: number,
        message: "token [@DIALECT] NAME [of NAME] expected"
      )
    }
    let base = fields.count == 4 ? fields[3] : nil
    grammar.tokens.append(
      TokenClass(name: fields[1], base: base, samples: [], dialect: dialect)
    )
  }

  /// Reads `+ text` or `- te^xt !! CODE`.
  private static func example(
    _ line: String,
    rule: String,
    file: String,
    line number: Int
  ) throws(GrammarError) -> Example {
    var body = String(line.dropFirst(2))
    var dialect = "trino"
    if body.hasPrefix("@"), let name = fields(body).first {
      dialect = String(name.dropFirst())
      body = String(body.dropFirst(name.count + 1))
    }
    guard line.hasPrefix("-") else {
      return Example(
        text: body,
        rule: rule,
        dialect: dialect,
        failure: nil,
        file: file,
        line: number
      )
    }
    let bytes = Array(body.utf8)
    guard let bang = bytes.indices.last(where: { bytes[$0...].starts(with: Array("!!".utf8)) }),
      let mark = bytes[..<bang].firstIndex(of: UInt8(ascii: "^"))
    else {
      throw GrammarError(file: file, line: number, message: "- te^xt !! CODE expected")
    }
    var end = bang
    while end > 0, bytes[end - 1] == UInt8(ascii: " ") { end -= 1 }
    let text = bytes[..<mark] + (mark + 1 < end ? bytes[(mark + 1)..<end] : [])
    let code = fields(String(decoding: bytes[(bang + 2)...], as: UTF8.self)).first ?? ""
    return Example(
      text: String(decoding: text, as: UTF8.self),
      rule: rule,
      dialect: dialect,
      failure: Example.Failure(code: code, offset: mark),
      file: file,
      line: number
    )
  }

  static func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  static func fields(_ line: String) -> [String] { line.split(separator: " ").map(String.init) }
}
