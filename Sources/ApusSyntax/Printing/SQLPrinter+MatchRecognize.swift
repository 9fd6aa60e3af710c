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
      printMeasures(node.measures)
      write(" ")
    }
    if let rows = node.rowsPerMatch { write("\(rows.rawValue) ") }
    if let skipTo = node.skipTo {
      print(skipTo)
      write(" ")
    }
    if let search = node.search { write("\(search.rawValue) ") }
    printPattern(node.pattern)
    if !node.subsets.isEmpty {
      write(" ")
      printSubsets(node.subsets)
    }
    write(" ")
    printDefinitions(node.definitions)
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

  /// Prints what stands behind the bounds of a frame.
  mutating func printAfterBounds(_ pattern: FramePattern) {
    if let skipTo = pattern.skipTo {
      write(" ")
      print(skipTo)
    }
    if let search = pattern.search { write(" \(search.rawValue)") }
    if let rowPattern = pattern.pattern {
      write(" ")
      printPattern(rowPattern)
    }
    if !pattern.subsets.isEmpty {
      write(" ")
      printSubsets(pattern.subsets)
    }
    if !pattern.definitions.isEmpty {
      write(" ")
      printDefinitions(pattern.definitions)
    }
  }

  mutating func printMeasures(_ measures: [MeasureDefinition]) {
    write("MEASURES ")
    list(measures) { printer, measure in
      printer.print(measure.expression)
      printer.write(" AS ")
      printer.print(measure.name)
    }
  }

  private mutating func printPattern(_ pattern: RowPattern) {
    write("PATTERN ")
    parenthesized { $0.print(pattern) }
  }

  private mutating func printSubsets(_ subsets: [SubsetDefinition]) {
    write("SUBSET ")
    list(subsets) { printer, subset in
      printer.print(variable: subset.name)
      printer.write(" = ")
      printer.parenthesized { $0.list(subset.variables) { $0.print(variable: $1) } }
    }
  }

  private mutating func printDefinitions(_ definitions: [VariableDefinition]) {
    write("DEFINE ")
    list(definitions) { printer, definition in
      printer.print(variable: definition.name)
      printer.write(" AS ")
      printer.print(definition.condition)
    }
  }

  private mutating func print(variable: Identifier) {
    print(variable, except: Parser.notPatternVariables)
  }

  private mutating func print(_ skipTo: SkipTo) {
    write("AFTER MATCH SKIP ")
    switch skipTo {
    case .nextRow: write("TO NEXT ROW")
    case .pastLastRow: write("PAST LAST ROW")
    case .first(let variable):
      write("TO FIRST ")
      print(variable: variable)
    case .last(let variable):
      write("TO LAST ")
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
