extension SQLPrinter {
  mutating func print(_ node: MatchRecognizeRelation) {
    print(node.relation, inParentheses: !node.relation.canBeMatched)
    write(" MATCH_RECOGNIZE (")
    if !node.partitionBy.isEmpty {
      write("PARTITION BY ")
      list(node.partitionBy) { $0.print($1) }
      write(" ")
    }
    if !node.orderBy.isEmpty {
      printOrderBy(node.orderBy)
      write(" ")
    }
    if !node.measures.isEmpty {
      write("MEASURES ")
      list(node.measures) { printer, measure in
        printer.print(measure.expression)
        printer.write(" AS ")
        printer.print(measure.name)
      }
      write(" ")
    }
    if let rows = node.rowsPerMatch { write("\(rows.rawValue) ") }
    if let skipTo = node.skipTo {
      write("AFTER MATCH ")
      print(skipTo)
      write(" ")
    }
    if let search = node.search { write("\(search.rawValue) ") }
    write("PATTERN ")
    parenthesized { $0.print(node.pattern) }
    if !node.subsets.isEmpty {
      write(" SUBSET ")
      list(node.subsets) { printer, subset in
        printer.print(variable: subset.name)
        printer.write(" = ")
        printer.parenthesized { $0.list(subset.variables) { $0.print(variable: $1) } }
      }
    }
    write(" DEFINE ")
    list(node.definitions) { printer, definition in
      printer.print(variable: definition.name)
      printer.write(" AS ")
      printer.print(definition.condition)
    }
    write(")")
    if let alias = node.alias {
      write(" AS ")
      print(alias)
      if !node.columnAliases.isEmpty {
        write(" ")
        identifiers(node.columnAliases)
      }
    }
  }

  private mutating func print(variable: Identifier) {
    print(variable, except: Parser.notPatternVariables)
  }

  private mutating func print(_ skipTo: SkipTo) {
    switch skipTo {
    case .nextRow: write("SKIP TO NEXT ROW")
    case .pastLastRow: write("SKIP PAST LAST ROW")
    case .first(let variable):
      write("SKIP TO FIRST ")
      print(variable: variable)
    case .last(let variable):
      write("SKIP TO LAST ")
      print(variable: variable)
    }
  }

  private mutating func print(_ pattern: RowPattern) {
    switch pattern.kind {
    case .variable(let name): print(variable: name)
    case .empty: write("()")
    case .partitionStart: write("^")
    case .partitionEnd: write("$")
    case .permutation(let patterns):
      write("PERMUTE")
      parenthesized { $0.list(patterns) { $0.print($1) } }
    case .exclusion(let pattern):
      write("{- ")
      print(pattern)
      write(" -}")
    case .sequence(let patterns): print(patterns, " ", \.isSequenceOrLooser)
    case .alternation(let patterns): print(patterns, " | ", \.isAlternation)
    case .quantified(let pattern, let quantifier):
      print(pattern, inParentheses: pattern.isComposed)
      print(quantifier)
    }
  }

  private mutating func print(
    _ patterns: [RowPattern],
    _ separator: String,
    _ needsParentheses: (RowPattern) -> Bool
  ) {
    for (position, pattern) in patterns.enumerated() {
      if position > 0 { write(separator) }
      print(pattern, inParentheses: needsParentheses(pattern))
    }
  }

  private mutating func print(_ pattern: RowPattern, inParentheses: Bool) {
    guard inParentheses else { return print(pattern) }
    parenthesized { $0.print(pattern) }
  }

  private mutating func print(_ quantifier: PatternQuantifier) {
    switch (quantifier.atLeast?.text, quantifier.atMost?.text) {
    case ("0", nil): write("*")
    case ("1", nil): write("+")
    case ("0", "1"): write("?")
    case (let least?, let most?) where least == most: write("{\(least)}")
    case (let least, let most): write("{\(least ?? ""),\(most ?? "")}")
    }
    if quantifier.isReluctant { write("?") }
  }
}

extension RowPattern {
  fileprivate var isAlternation: Bool {
    if case .alternation = kind { true } else { false }
  }

  fileprivate var isSequenceOrLooser: Bool {
    if case .sequence = kind { true } else { isAlternation }
  }

  /// Whether a quantifier would belong to a part of it only.
  fileprivate var isComposed: Bool {
    if case .quantified = kind { true } else { isSequenceOrLooser }
  }
}
