/// Decides whether tokens are a sentence of a rule, by trying everything the grammar allows.
///
/// A rule at a position has a set of positions at which it can end; each set is found once. That
/// is slow beside the parser, but it is right about every grammar without left recursion, and it
/// shares nothing with the parser: where the two disagree, one of them is wrong.
package struct Recognizer {
  private let table: GrammarTable
  private let reserved: [String: Bool]
  private let samples: [String: Set<String>]
  private let bases: [String: String]
  private let first: [String: Set<Terminal>]

  package init(_ table: GrammarTable) {
    self.table = table
    reserved = Dictionary(
      uniqueKeysWithValues: table.grammar.keywords.map { ($0.word, $0.isReserved) }
    )
    var samples: [String: Set<String>] = [:]
    var bases: [String: String] = [:]
    for token in table.grammar.tokens {
      guard let base = token.base else { continue }
      samples[token.name] = Set(token.samples)
      bases[token.name] = base
    }
    self.samples = samples
    self.bases = bases
    var first: [String: Set<Terminal>] = [:]
    for rule in table.grammar.rules { first[rule.name] = table.first(rule.body) }
    self.first = first
  }

  package func accepts(_ tokens: [SentenceToken], as rule: String = Grammar.startRule) -> Bool {
    var run = Run(recognizer: self, tokens: tokens)
    return run.ends(of: .reference(rule), from: 0).contains(tokens.count)
  }

  private func matches(_ terminal: Terminal, _ token: SentenceToken) -> Bool {
    switch (terminal, token.kind) {
    case (.keyword(let word), .keyword(let written)): word == written
    case (.symbol(let sign), .symbol(let written)): sign == written
    case (.nonreserved(let exceptions), .keyword(let written)):
      reserved[written] == false && !exceptions.contains(written)
    case (.token(let name), .token(let written)):
      if let base = bases[name] {
        base == written && samples[name]?.contains(token.text) == true
      } else {
        name == written
      }
    default: false
    }
  }

  /// Is the work on one text.
  private struct Run {
    let recognizer: Recognizer
    let tokens: [SentenceToken]
    private var known: [Key: [Int]] = [:]
    private var starts: [StartKey: Bool] = [:]

    struct Key: Hashable {
      var rule: String
      var position: Int
    }

    struct StartKey: Hashable {
      var rule: String
      var token: SentenceToken.Kind
    }

    init(recognizer: Recognizer, tokens: [SentenceToken]) {
      self.recognizer = recognizer
      self.tokens = tokens
    }

    /// The positions at which an element that begins at `position` can end, in no order.
    mutating func ends(of element: Element, from position: Int) -> [Int] {
      switch element {
      case .terminal(let terminal):
        guard position < tokens.count, recognizer.matches(terminal, tokens[position]) else {
          return []
        }
        return [position + 1]
      case .exclusion(let terminal):
        let isThere = position < tokens.count && recognizer.matches(terminal, tokens[position])
        return isThere ? [] : [position]
      case .reference(let name):
        return ends(ofRule: name, from: position)
      case .sequence(let elements):
        var positions = [position]
        for element in elements {
          positions = ends(of: element, fromAny: positions)
          if positions.isEmpty { return [] }
        }
        return positions
      case .choice(let list, _):
        var result: [Int] = []
        for alternative in recognizer.table.alternatives(list) {
          result.add(ends(of: alternative.element, from: position))
        }
        return result
      case .optional(let inner, _):
        var result = [position]
        result.add(ends(of: inner, from: position))
        return result
      case .repetition(let inner, _):
        var result = [position]
        var done = 0
        while done < result.count {
          result.add(ends(of: inner, from: result[done]))
          done += 1
        }
        return result
      }
    }

    private mutating func ends(of element: Element, fromAny positions: [Int]) -> [Int] {
      if positions.count == 1 { return ends(of: element, from: positions[0]) }
      var result: [Int] = []
      for position in positions { result.add(ends(of: element, from: position)) }
      return result
    }

    private mutating func ends(ofRule name: String, from position: Int) -> [Int] {
      guard let rule = recognizer.table.rules[name] else { return [] }
      guard canStart(rule, at: position) else { return [] }
      let key = Key(rule: name, position: position)
      if let result = known[key] { return result }
      let result = ends(of: rule.body, from: position)
      known[key] = result
      return result
    }

    /// Whether it is worth trying: the token is one with which the rule can begin.
    private mutating func canStart(_ rule: Rule, at position: Int) -> Bool {
      if recognizer.table.canBeEmpty(rule.body) { return true }
      guard position < tokens.count else { return false }
      let token = tokens[position]
      let key = StartKey(rule: rule.name, token: token.kind)
      if let result = starts[key] { return result }
      let result =
        recognizer.first[rule.name]?.contains { recognizer.canMatch($0, token.kind) } ?? true
      starts[key] = result
      return result
    }
  }

  /// Whether some token of the kind matches.
  private func canMatch(_ terminal: Terminal, _ kind: SentenceToken.Kind) -> Bool {
    if case .token(let name) = terminal, let base = bases[name] { return kind == .token(base) }
    return matches(terminal, SentenceToken(kind: kind, text: ""))
  }
}

extension [Int] {
  /// Adds what is not there yet; the lists stay short.
  fileprivate mutating func add(_ others: [Int]) {
    for other in others where !contains(other) { append(other) }
  }
}
