/// Knows a grammar's facts for one dialect: what can be empty, what begins with what, and how
/// deep the shallowest sentence of each rule is.
package struct GrammarTable: Sendable {
  package let grammar: Grammar
  /// Nil takes every alternative, whatever its guard.
  let dialect: String?
  private(set) var rules: [String: Rule] = [:]
  private var empty: Set<String> = []
  private(set) var heights: [String: Int] = [:]

  package init(_ grammar: Grammar, dialect: String?) {
    self.grammar = grammar
    self.dialect = dialect
    for rule in grammar.rules { rules[rule.name] = rule }
    findEmptyRules()
    findHeights()
  }

  /// Whether the dialect has a token class.
  package func has(_ token: TokenClass) -> Bool {
    dialect.map { Grammar.holds(token.dialect, in: $0) } ?? true
  }

  func alternatives(_ alternatives: [Alternative]) -> [(offset: Int, element: Element)] {
    alternatives.enumerated().compactMap { position, alternative in
      guard let dialect else { return (position, alternative.element) }
      return alternative.holds(in: dialect) ? (position, alternative.element) : nil
    }
  }

  private mutating func findEmptyRules() {
    var hasChanged = true
    while hasChanged {
      hasChanged = false
      for rule in grammar.rules where !empty.contains(rule.name) && canBeEmpty(rule.body) {
        empty.insert(rule.name)
        hasChanged = true
      }
    }
  }

  func canBeEmpty(_ element: Element) -> Bool {
    switch element {
    case .terminal: false
    case .reference(let name): empty.contains(name)
    case .sequence(let elements): elements.allSatisfy(canBeEmpty)
    case .choice(let list, _): alternatives(list).contains { canBeEmpty($0.element) }
    case .optional, .repetition, .exclusion: true
    }
  }

  /// A height no rule has: that of a rule not yet known to end.
  static let endless = 1_000_000

  private mutating func findHeights() {
    var hasChanged = true
    while hasChanged {
      hasChanged = false
      for rule in grammar.rules {
        let height = height(rule.body) + 1
        if height < heights[rule.name] ?? Self.endless {
          heights[rule.name] = height
          hasChanged = true
        }
      }
    }
  }

  /// How many rules deep the shallowest sentence of an element is.
  func height(_ element: Element) -> Int {
    switch element {
    case .terminal, .optional, .repetition, .exclusion: 0
    case .reference(let name): heights[name] ?? Self.endless
    case .sequence(let elements): elements.map(height).max() ?? 0
    case .choice(let list, _): alternatives(list).map { height($0.element) }.min() ?? Self.endless
    }
  }

  /// The rules with which a sentence of a rule can begin, at any depth.
  func leadingRules(of name: String) -> Set<String> {
    var leading: Set<String> = []
    var queue = rules[name].map { [$0.body] } ?? []
    while let element = queue.popLast() {
      switch element {
      case .terminal, .exclusion: break
      case .reference(let name):
        if leading.insert(name).inserted, let rule = rules[name] { queue.append(rule.body) }
      case .sequence(let elements):
        for element in elements {
          queue.append(element)
          if !canBeEmpty(element) { break }
        }
      case .choice(let list, _): queue += alternatives(list).map(\.element)
      case .optional, .repetition: queue += element.children
      }
    }
    return leading
  }

  /// The terminals with which a sentence of an element can begin.
  func first(_ element: Element) -> Set<Terminal> {
    switch element {
    case .terminal(let terminal): return [terminal]
    case .exclusion: return []
    case .reference(let name):
      return rules[name].map { first($0.body) } ?? []
    case .sequence(let elements):
      var result: Set<Terminal> = []
      for element in elements {
        result.formUnion(first(element))
        if !canBeEmpty(element) { break }
      }
      return result
    case .choice(let list, _):
      return alternatives(list).reduce(into: []) { $0.formUnion(first($1.element)) }
    case .optional(let element, _), .repetition(let element, _):
      return first(element)
    }
  }
}
