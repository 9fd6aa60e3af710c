/// Walks a grammar at random and writes down the sentences on its way.
///
/// The same seed gives the same sentences. `coverage` counts which sides of which choices have
/// been taken, so that a run can say what it never produced.
package struct SentenceGenerator {
  private let table: GrammarTable
  private var random: RandomBits
  /// How many rules deep a sentence goes where it need not go deeper.
  private let depthBudget: Int
  /// After so many tokens a sentence ends as soon as it can.
  private let tokenBudget: Int
  private let weights: [String: [Double]]
  package private(set) var coverage: [ChoiceSide: Int] = [:]
  private var tokens: [SentenceToken] = []
  /// Where what must not stand.
  private var exclusions: [(position: Int, terminal: Terminal)] = []
  /// How far each rule is from a side that no sentence has taken; empty while not aiming.
  private var distances: [String: Int] = [:]

  /// - Parameter weights: by rule, how likely each alternative of the rule's outermost choice
  ///   is; 1 where nothing is said.
  package init(
    _ table: GrammarTable,
    seed: UInt64,
    depthBudget: Int = 48,
    tokenBudget: Int = 120,
    weights: [String: [Double]] = SentenceGenerator.plainWeights
  ) {
    self.table = table
    self.random = RandomBits(seed: seed)
    self.depthBudget = depthBudget
    self.tokenBudget = tokenBudget
    self.weights = weights
  }

  /// Makes names the most likely values and SELECT the most likely query.
  package static let plainWeights: [String: [Double]] = [
    "statement": [10, 2, 10, 1],
    "explained": [4, 1, 4],
    "queryPrimary": [12, 1, 1, 1],
    "primaryBase": [10, 8, 1, 1, 1, 1, 4, 3],
    "identifier": [12, 3, 1],
    "columnName": [12, 3, 1],
    "negation": [1, 8],
    "query": [10, 1],
    "signed": [1, 8],
    "selectItem": [1, 1, 8],
    "rowRange": [6, 2],
    "relationPrimary": [12],
  ]

  /// Writes one sentence of `rule`.
  package mutating func sentence(of rule: String = Grammar.startRule) -> [SentenceToken] {
    repeat {
      tokens = []
      exclusions = []
      generate(.reference(rule), depth: depthBudget, rule: rule)
    } while exclusions.contains(where: isBroken)
    return tokens
  }

  private func isBroken(_ exclusion: (position: Int, terminal: Terminal)) -> Bool {
    guard exclusion.position < tokens.count else { return false }
    return switch (exclusion.terminal, tokens[exclusion.position].kind) {
    case (.keyword(let word), .keyword(let written)): word == written
    case (.symbol(let sign), .symbol(let written)): sign == written
    default: false
    }
  }

  private mutating func generate(_ element: Element, depth: Int, rule: String) {
    let depth = tokens.count > tokenBudget ? 0 : depth
    switch element {
    case .terminal(let terminal):
      tokens.append(sample(terminal))
    case .exclusion(let terminal):
      exclusions.append((tokens.count, terminal))
    case .reference(let name):
      guard let next = table.rules[name] else { return }
      if case .choice(let list, let id) = next.body {
        choose(list, id, depth: depth - 1, rule: name, weights: weights[name] ?? [])
      } else {
        generate(next.body, depth: depth - 1, rule: name)
      }
    case .sequence(let elements):
      for element in elements { generate(element, depth: depth, rule: rule) }
    case .choice(let list, let id):
      choose(list, id, depth: depth, rule: rule, weights: [])
    case .optional(let inner, let id):
      guard table.height(inner) < GrammarTable.endless else { return }
      let isTaken =
        isSought(id) || table.height(inner) <= depth && isLikely(id, inner, 0.3)
      note(id, isTaken ? 1 : 0)
      if isTaken { generate(inner, depth: depth, rule: rule) }
    case .repetition(let inner, let id):
      var count = 0
      while count < 4,
        isSought(id) || table.height(inner) <= depth && isLikely(id, inner, 0.28)
      {
        if count == 0 { note(id, 1) }
        generate(inner, depth: depth, rule: rule)
        count += 1
      }
      if count == 0 { note(id, 0) }
    }
  }

  private mutating func choose(
    _ list: [Alternative],
    _ id: Int,
    depth: Int,
    rule: String,
    weights: [Double]
  ) {
    let all = table.alternatives(list)
    var allowed = all.filter { table.height($0.element) <= depth }
    if allowed.isEmpty {
      let least = all.map { table.height($0.element) }.min() ?? 0
      allowed = all.filter { table.height($0.element) == least }
    }
    guard let chosen = pick(allowed, id, weights) else { return }
    note(id, chosen.offset)
    generate(chosen.element, depth: depth, rule: rule)
  }

  /// Picks by weight, and now and then what has been picked least.
  private mutating func pick(
    _ allowed: [(offset: Int, element: Element)],
    _ id: Int,
    _ weights: [Double]
  ) -> (offset: Int, element: Element)? {
    if let aimed = aim(at: allowed, id) { return aimed }
    if random.isLikely(0.1) {
      let counts = allowed.map { coverage[ChoiceSide(choice: id, side: $0.offset)] ?? 0 }
      if let least = counts.min() {
        return random.pick(zip(allowed, counts).filter { $0.1 == least }.map(\.0))
      }
    }
    let likely = allowed.map { $0.offset < weights.count ? weights[$0.offset] : 1 }
    var point = random.fraction() * likely.reduce(0, +)
    for (alternative, weight) in zip(allowed, likely) {
      point -= weight
      if point < 0 { return alternative }
    }
    return allowed.last
  }

  /// Picks, mostly, the alternative on the shortest way to what was never produced.
  private mutating func aim(
    at allowed: [(offset: Int, element: Element)],
    _ id: Int
  ) -> (offset: Int, element: Element)? {
    guard !distances.isEmpty, random.isLikely(0.6) else { return nil }
    let ways = allowed.map { alternative in
      coverage[ChoiceSide(choice: id, side: alternative.offset)] == nil
        ? 0 : table.distance(alternative.element, distances, coverage)
    }
    guard let least = ways.min(), least < GrammarTable.endless else { return nil }
    return random.pick(zip(allowed, ways).filter { $0.1 == least }.map(\.0))
  }

  /// Makes the sentences that follow seek out what no sentence has produced yet.
  package mutating func aimAtUncovered() { distances = table.distances(coverage) }

  /// Whether an optional part was never there and is looked for, whatever the budgets say.
  private mutating func isSought(_ id: Int) -> Bool {
    !distances.isEmpty && coverage[ChoiceSide(choice: id, side: 1)] == nil && random.isLikely(0.5)
  }

  /// Decides about an optional part; what was never there is more likely.
  private mutating func isLikely(
    _ id: Int,
    _ inner: Element,
    _ probability: Double
  ) -> Bool {
    if !distances.isEmpty, random.isLikely(0.3), table.distance(inner, distances, coverage) < 4 {
      return true
    }
    let isNew = coverage[ChoiceSide(choice: id, side: 1)] == nil
    return random.isLikely(isNew ? max(probability, 0.5) : probability)
  }

  private mutating func note(_ id: Int, _ side: Int) {
    coverage[ChoiceSide(choice: id, side: side), default: 0] += 1
  }

  private mutating func sample(_ terminal: Terminal) -> SentenceToken {
    switch terminal {
    case .keyword(let word):
      return SentenceToken(
        kind: .keyword(word),
        text: random.isLikely(0.2) ? word.lowercased() : word
      )
    case .symbol(let sign):
      return SentenceToken(kind: .symbol(sign), text: sign)
    case .token(let name):
      let token = table.grammar.tokens.first { $0.name == name }
      let text = random.pick(token?.samples ?? []) ?? name
      return SentenceToken(kind: .token(token?.base ?? name), text: text)
    case .nonreserved(let exceptions):
      let words = table.grammar.keywords.filter {
        !$0.isReserved && !exceptions.contains($0.word)
      }
      let word = random.pick(words)?.word ?? ""
      return SentenceToken(kind: .keyword(word), text: word.lowercased())
    }
  }

  /// Lists the sides of the choices reachable from `rule` that no sentence took.
  package func uncovered(from rule: String = Grammar.startRule) -> [String] {
    var missing: [String] = []
    let reached = table.leadsTo(rule)
    for rule in table.grammar.rules where reached.contains(rule.name) {
      for (side, name) in table.sides(of: rule.body) where coverage[side] == nil {
        missing.append("\(rule.file): \(rule.name), \(name)")
      }
    }
    return missing
  }
}

/// Is one side of a choice: an alternative by its position, or for an optional or repeated part
/// 0 for its absence and 1 for its presence.
package struct ChoiceSide: Hashable, Sendable {
  package var choice: Int
  package var side: Int
}

extension GrammarTable {
  /// The rules that sentences of a rule are made of, itself too.
  func leadsTo(_ name: String) -> Set<String> {
    var reached: Set<String> = []
    var queue = [name]
    while let next = queue.popLast() {
      guard reached.insert(next).inserted, let rule = rules[next] else { continue }
      queue += references(rule.body)
    }
    return reached
  }

  private func references(_ element: Element) -> [String] {
    switch element {
    case .reference(let name): [name]
    case .choice(let list, _): alternatives(list).flatMap { references($0.element) }
    default: element.children.flatMap(references)
    }
  }

  /// How many rules lie between an element and a side of a choice that `coverage` lacks.
  func distance(
    _ element: Element,
    _ distances: [String: Int],
    _ coverage: [ChoiceSide: Int]
  ) -> Int {
    switch element {
    case .terminal, .exclusion:
      return Self.endless
    case .reference(let name):
      return min((distances[name] ?? Self.endless) + 1, Self.endless)
    case .sequence(let elements):
      return elements.map { distance($0, distances, coverage) }.min() ?? Self.endless
    case .choice(let list, let id):
      let ways = alternatives(list).map { offset, element in
        coverage[ChoiceSide(choice: id, side: offset)] == nil
          ? 0 : distance(element, distances, coverage)
      }
      return ways.min() ?? Self.endless
    case .optional(let inner, let id), .repetition(let inner, let id):
      guard height(inner) < Self.endless else { return Self.endless }
      let isCovered = [0, 1].allSatisfy { coverage[ChoiceSide(choice: id, side: $0)] != nil }
      return isCovered ? distance(inner, distances, coverage) : 0
    }
  }

  /// The distance of every rule.
  func distances(_ coverage: [ChoiceSide: Int]) -> [String: Int] {
    var distances: [String: Int] = [:]
    var hasChanged = true
    while hasChanged {
      hasChanged = false
      for rule in grammar.rules {
        let way = distance(rule.body, distances, coverage)
        guard way < distances[rule.name] ?? Self.endless else { continue }
        distances[rule.name] = way
        hasChanged = true
      }
    }
    return distances
  }

  func sides(of element: Element) -> [(ChoiceSide, String)] {
    switch element {
    case .terminal, .reference, .exclusion:
      return []
    case .sequence(let elements):
      return elements.flatMap(sides)
    case .choice(let list, let id):
      return alternatives(list).flatMap { offset, element in
        [(ChoiceSide(choice: id, side: offset), "alternative \(offset + 1)")] + sides(of: element)
      }
    case .optional(let inner, let id), .repetition(let inner, let id):
      guard height(inner) < Self.endless else { return [] }
      return [
        (ChoiceSide(choice: id, side: 0), "choice \(id) left out"),
        (ChoiceSide(choice: id, side: 1), "choice \(id) taken"),
      ] + sides(of: inner)
    }
  }
}
