/// Finds what is wrong with a grammar that could be read.
package struct GrammarLint {
  private let grammar: Grammar
  private var found: [GrammarError] = []

  private init(_ grammar: Grammar) { self.grammar = grammar }

  /// Lists the mistakes; empty for a sound grammar.
  package static func mistakes(in grammar: Grammar) -> [GrammarError] {
    var lint = GrammarLint(grammar)
    lint.checkNames()
    lint.checkReachability()
    lint.checkLeftRecursion()
    lint.checkKeywords()
    lint.checkTokens()
    lint.checkExamples()
    return lint.found
  }

  private mutating func report(_ rule: Rule, _ message: String) {
    found.append(GrammarError(file: rule.file, line: rule.line, message: message))
  }

  private mutating func checkNames() {
    var seen: Set<String> = []
    for rule in grammar.rules where !seen.insert(rule.name).inserted {
      report(rule, "the rule \(rule.name) stands twice")
    }
    for rule in grammar.rules {
      for name in rule.body.references where !seen.contains(name) {
        report(rule, "\(rule.name) uses \(name), which is no rule and no token")
      }
    }
  }

  private mutating func checkReachability() {
    let used = Set(grammar.rules.flatMap { $0.body.references }).union([Grammar.startRule])
    var reached: Set<String> = []
    var queue = [Grammar.startRule]
    while let name = queue.popLast() {
      guard reached.insert(name).inserted, let rule = grammar.rule(name) else { continue }
      queue += rule.body.references
    }
    for rule in grammar.rules {
      if !used.contains(rule.name) {
        report(rule, "no rule uses \(rule.name)")
      } else if !reached.contains(rule.name) {
        report(rule, "\(rule.name) cannot be reached from \(Grammar.startRule)")
      }
    }
  }

  /// The recogniser and the parser both descend: a rule must not begin with itself.
  private mutating func checkLeftRecursion() {
    let table = GrammarTable(grammar, dialect: nil)
    for rule in grammar.rules where table.leadingRules(of: rule.name).contains(rule.name) {
      report(rule, "\(rule.name) can begin with itself")
    }
  }

  private mutating func checkKeywords() {
    let listed = Set(grammar.keywords.map(\.word))
    var used: Set<String> = []
    for rule in grammar.rules {
      for word in rule.body.keywords {
        used.insert(word)
        if !listed.contains(word) { report(rule, "Keywords.txt does not list \(word)") }
      }
    }
    var previous = ""
    for keyword in grammar.keywords {
      func report(_ message: String) {
        found.append(GrammarError(file: "Keywords.txt", line: keyword.line, message: message))
      }
      if keyword.word <= previous { report("\(keyword.word) is out of order") }
      previous = keyword.word
      // A reserved word changes what is a name even where no rule uses it.
      if !keyword.isReserved, !used.contains(keyword.word) {
        report("no rule uses \(keyword.word)")
      }
    }
  }

  private mutating func checkTokens() {
    let names = Set(grammar.tokens.map(\.name))
    for token in grammar.tokens {
      func report(_ message: String) {
        found.append(GrammarError(file: "Tokens.grammar", line: 1, message: message))
      }
      if token.samples.isEmpty { report("the token \(token.name) has no samples") }
      if let base = token.base, !names.contains(base) { report("\(base) is no token") }
    }
  }

  private mutating func checkExamples() {
    var files: [String] = []
    for rule in grammar.rules where !files.contains(rule.file) { files.append(rule.file) }
    for file in files {
      let examples = grammar.examples.filter { $0.file == file }
      if !examples.contains(where: { $0.failure == nil }) {
        found.append(GrammarError(file: file, line: 1, message: "an example with + is missing"))
      }
      if !examples.contains(where: { $0.failure != nil }) {
        found.append(GrammarError(file: file, line: 1, message: "an example with - is missing"))
      }
    }
  }
}

extension Element {
  /// The parts one level down.
  var children: [Element] {
    switch self {
    case .terminal, .reference, .exclusion: []
    case .sequence(let elements): elements
    case .choice(let alternatives, _): alternatives.map(\.element)
    case .optional(let element, _), .repetition(let element, _): [element]
    }
  }

  /// The rules that are named anywhere inside.
  var references: [String] {
    if case .reference(let name) = self { return [name] }
    return children.flatMap(\.references)
  }

  /// The keywords that are named anywhere inside, exceptions too.
  var keywords: [String] {
    switch self {
    case .terminal(.keyword(let word)): [word]
    case .terminal(.nonreserved(let words)): words
    default: children.flatMap(\.keywords)
    }
  }
}
