import ApusSyntax
import ApusValues

extension Binder {
  /// Binds `t MATCH_RECOGNIZE (…)`.
  func bindMatchRecognize(_ node: MatchRecognizeRelation, outer: Scope?) throws(SQLError)
    -> BoundRelation
  {
    let input = try bindRelation(node.relation, outer: outer)
    try requireDistinctNames(input, at: node.relation.range)
    var partitionFields: [ScopeField] = []
    for syntax in node.partitionBy {
      let field = try inputField(syntax, of: input)
      guard field.column.type.isComparable else {
        throw SQLError(
          .typeMismatch,
          "\(field.column.type) is not comparable, and therefore cannot be used in PARTITION BY",
          at: syntax.range
        )
      }
      partitionFields.append(field)
    }
    var orderFields: [ScopeField] = []
    var orderBy: [SortKey] = []
    for item in node.orderBy {
      let field = try inputField(item.key, of: input)
      try field.column.type.requireOrder(at: item.key.range)
      orderFields.append(field)
      orderBy.append(
        SortKey(
          .column(field.column),
          isAscending: !item.isDescending,
          nullsFirst: item.nulls == .first
        )
      )
    }
    if let search = node.search {
      throw SQLError(
        .notSupported,
        "Pattern search modifier: \(search.rawValue) is not allowed in MATCH_RECOGNIZE clause",
        at: node.range
      )
    }
    let labels = try PatternLabels(node.pattern, node.subsets, node.definitions)
    let pattern = try labels.bind(node.pattern)
    if node.rowsPerMatch == .allWithUnmatchedRows { try node.pattern.requireNoExclusion() }
    let skip = try labels.bind(node.skipTo)
    let expressions = ExpressionBinder(
      self,
      scope: Scope(input.fields, parent: nil),
      aggregates: nil,
      windows: nil
    )
    let reading = MatchReading(labels)
    expressions.reading = reading
    var variables = labels.variables.map { MatchRecognize.Variable(name: $0) }
    for definition in node.definitions {
      guard let variable = labels.position(of: definition.name) else { continue }
      variables[variable].condition = try expressions.bindDefinition(definition.condition)
    }
    var measures: [MatchRecognize.Measure] = []
    var measureFields: [ScopeField] = []
    for syntax in node.measures {
      let expression = try expressions.bindMeasure(syntax.expression)
      let column = makeColumn(syntax.name.value, expression.type)
      measures.append(MatchRecognize.Measure(column: column, expression: expression))
      measureFields.append(ScopeField(name: syntax.name.value, qualifier: [], column: column))
    }
    let rows: MatchRecognize.Rows =
      switch node.rowsPerMatch {
      case nil, .one?: .onePerMatch
      case .all?, .allShowingEmptyMatches?: .all
      case .allOmittingEmptyMatches?: .allWithoutEmptyMatches
      case .allWithUnmatchedRows?: .allWithUnmatchedRows
      }
    var fields = partitionFields
    if rows != .onePerMatch { fields += orderFields }
    let keyColumns = Set(fields.map(\.column))
    for index in fields.indices { fields[index].isHidden = false }
    fields += measureFields
    if rows != .onePerMatch { fields += input.fields.filter { !keyColumns.contains($0.column) } }
    guard !fields.isEmpty else {
      throw SQLError(
        .tableHasNoColumns,
        "pattern recognition output table has no columns",
        at: node.range
      )
    }
    var passed: [PlanColumn] = []
    for field in fields where !measureFields.contains(where: { $0.column == field.column }) {
      if !passed.contains(field.column) { passed.append(field.column) }
    }
    let plan = LogicalPlan.matchRecognize(
      MatchRecognize(
        input: try attach(expressions.subqueries, to: input.plan) { outer throws(SQLError) in
          try reading.restoringRows(outer, at: node.range)
        },
        partitionBy: partitionFields.map { .column($0.column) },
        orderBy: orderBy,
        variables: variables,
        pattern: pattern,
        inputs: reading.inputs,
        measures: measures,
        rows: rows,
        skip: skip,
        passed: passed
      )
    )
    var bound = BoundRelation(plan: plan, fields: fields).qualified(by: [])
    if let alias = node.alias {
      bound = try rename(bound, columns: node.columnAliases, at: alias.range)
        .qualified(by: [alias.value])
    }
    return bound
  }

  private func requireDistinctNames(_ input: BoundRelation, at range: SourceRange) throws(SQLError)
  {
    var names: Set<String> = []
    for field in input.fields {
      guard let name = field.name else { continue }
      guard names.insert(name.lowercased()).inserted else {
        throw SQLError(
          .ambiguousName,
          "ambiguous column: \(name) in row pattern input relation",
          at: range
        )
      }
    }
  }

  /// Returns the column of the input that a key of PARTITION BY or ORDER BY names.
  private func inputField(_ syntax: SyntaxExpression, of input: BoundRelation) throws(SQLError)
    -> ScopeField
  {
    let name: [Identifier]? =
      switch syntax {
      case .identifier(let node): [node]
      case .dereference(let node): node.qualifiedName?.parts
      default: nil
      }
    guard let parts = name else {
      throw SQLError(
        .invalidColumnReference,
        "Expected column reference. Actual: \(syntax.description)",
        at: syntax.range
      )
    }
    let scope = Scope(input.fields, parent: nil)
    guard let column = try scope.resolve(parts, at: syntax.range),
      let field = input.fields.first(where: { $0.column == column })
    else {
      var error = scope.notFound(parts, at: syntax.range)
      let written = parts.map(\.value).joined(separator: ".")
      error.message = "Column \(written) is not present in the input relation"
      throw error
    }
    return field
  }
}

/// The variables of a row pattern and the names of unions of them.
struct PatternLabels {
  /// In the order in which the pattern names them, as `classifier()` shows them.
  private(set) var variables: [String] = []
  /// The positions of the variables that a name stands for.
  private(set) var unions: [String: Set<Int>] = [:]

  /// - Throws: INVALID_LABEL for a name that is no variable or is there twice.
  init(_ pattern: RowPattern, _ subsets: [SubsetDefinition], _ definitions: [VariableDefinition])
    throws(SQLError)
  {
    for variable in pattern.variables where position(of: variable) == nil {
      unions[variable.label] = [variables.count]
      variables.append(variable.label)
    }
    for subset in subsets {
      let name = subset.name
      if position(of: name) != nil {
        throw SQLError(
          .invalidLabel,
          "union pattern variable name: \(name.label) is a duplicate of primary pattern variable "
            + "name",
          at: name.range
        )
      }
      guard unions[name.label] == nil else {
        throw SQLError(
          .invalidLabel,
          "union pattern variable name: \(name.label) is declared twice",
          at: name.range
        )
      }
      var positions: Set<Int> = []
      for element in subset.variables {
        guard let position = position(of: element) else {
          throw SQLError(
            .invalidLabel,
            "subset element: \(element.label) is not a primary pattern variable",
            at: element.range
          )
        }
        positions.insert(position)
      }
      unions[name.label] = positions
    }
    var defined: Set<String> = []
    for definition in definitions {
      let name = definition.name
      guard position(of: name) != nil else {
        throw SQLError(
          .invalidLabel,
          "defined variable: \(name.label) is not a primary pattern variable",
          at: name.range
        )
      }
      guard defined.insert(name.label).inserted else {
        throw SQLError(
          .invalidLabel,
          "pattern variable with name: \(name.label) is defined twice",
          at: name.range
        )
      }
    }
  }

  /// Returns the position of a variable, or nil if the name is none.
  func position(of name: Identifier) -> Int? { variables.firstIndex(of: name.label) }

  func bind(_ skip: SkipTo?) throws(SQLError) -> MatchRecognize.Skip {
    func variables(_ name: Identifier) throws(SQLError) -> Set<Int> {
      guard let positions = unions[name.label] else {
        throw SQLError(
          .invalidLabel,
          "\(name.label) is not a primary or union pattern variable",
          at: name.range
        )
      }
      return positions
    }
    switch skip {
    case nil, .pastLastRow?: return .pastLastRow
    case .nextRow?: return .nextRow
    case .first(let name)?: return .toVariables(try variables(name), isFirst: true)
    case .last(let name)?: return .toVariables(try variables(name), isFirst: false)
    }
  }

  func bind(_ pattern: RowPattern) throws(SQLError) -> MatchRecognize.Pattern {
    switch pattern.kind {
    case .variable(let name): return position(of: name).map { .variable($0) } ?? .empty
    case .empty: return .empty
    case .partitionStart: return .partitionStart
    case .partitionEnd: return .partitionEnd
    case .permutation(let patterns):
      return .permutation(try patterns.map { (part) throws(SQLError) in try bind(part) })
    case .exclusion(let pattern): return .exclusion(try bind(pattern))
    case .sequence(let patterns):
      return .sequence(try patterns.map { (part) throws(SQLError) in try bind(part) })
    case .alternation(let patterns):
      return .alternation(try patterns.map { (part) throws(SQLError) in try bind(part) })
    case .quantified(let part, let quantifier):
      let atLeast = try count(quantifier.atLeast, "lower", atLeast: 0, at: pattern.range)
      let atMost = try count(quantifier.atMost, "upper", atLeast: 1, at: pattern.range)
      if let atLeast, let atMost, atLeast > atMost {
        throw SQLError(
          .invalidRange,
          "Pattern quantifier lower bound must not exceed upper bound",
          at: pattern.range
        )
      }
      return .repetition(
        try bind(part),
        atLeast: atLeast ?? 0,
        atMost: atMost,
        isReluctant: quantifier.isReluctant
      )
    }
  }

  private func count(
    _ literal: IntegerLiteral?,
    _ bound: String,
    atLeast minimum: Int,
    at range: SourceRange
  ) throws(SQLError) -> Int? {
    guard let literal else { return nil }
    let maximum = Int(Int32.max)
    guard let value = Int(literal.text.filter { $0 != "_" }), value <= maximum else {
      throw SQLError(
        .numericValueOutOfRange,
        "Pattern quantifier \(bound) bound must not exceed \(maximum)",
        at: range
      )
    }
    guard value >= minimum else {
      throw SQLError(
        .numericValueOutOfRange,
        "Pattern quantifier \(bound) bound must be greater than or equal to \(minimum)",
        at: range
      )
    }
    return value
  }
}

extension Identifier {
  /// The name as one of a pattern's variables: in capitals unless it is quoted.
  var label: String { isQuoted ? value : value.uppercased() }
}

extension RowPattern {
  fileprivate var parts: [RowPattern] {
    switch kind {
    case .variable, .empty, .partitionStart, .partitionEnd: []
    case .permutation(let parts), .sequence(let parts), .alternation(let parts): parts
    case .exclusion(let part), .quantified(let part, _): [part]
    }
  }

  /// The variables in the order in which they stand, each as often as it does.
  fileprivate var variables: [Identifier] {
    if case .variable(let name) = kind { return [name] }
    return parts.flatMap(\.variables)
  }

  /// - Throws: INVALID_ROW_PATTERN if a part is matched and left out.
  func requireNoExclusion() throws(SQLError) {
    if case .exclusion = kind {
      throw SQLError(
        .invalidRowPattern,
        "Pattern exclusion syntax is not allowed when ALL ROWS PER MATCH WITH UNMATCHED ROWS is "
          + "specified",
        at: range
      )
    }
    for part in parts { try part.requireNoExclusion() }
  }

  /// - Throws: INVALID_ROW_PATTERN if a part asks for the end of a partition.
  func requireNoAnchor() throws(SQLError) {
    switch kind {
    case .partitionStart, .partitionEnd:
      throw SQLError(
        .invalidRowPattern,
        "Anchor pattern syntax is not allowed in window",
        at: range
      )
    default:
      for part in parts { try part.requireNoAnchor() }
    }
  }
}
