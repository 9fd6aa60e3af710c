import ApusSyntax
import ApusValues

/// A window with a row pattern waiting for its place in the plan.
struct PendingPatternWindow {
  let specification: WindowSpecification
  /// With nothing below it, and nothing passed.
  fileprivate let match: MatchRecognize
  let search: MatchRecognize.Search

  /// Puts the search for matches onto a plan.
  func add(
    to plan: LogicalPlan,
    rewriting rewrite: (Expression) throws(SQLError) -> Expression
  ) throws(SQLError) -> LogicalPlan {
    let own = Set(match.made)
    // Conditions and measures are about the inputs, which are rewritten themselves.
    var node = try match.mapExpressions { expression throws(SQLError) in
      !expression.columns.isEmpty && expression.columns.isSubset(of: own)
        ? expression : try rewrite(expression)
    }
    node.input = plan
    node.passed = plan.output
    return .matchRecognize(node)
  }
}

extension ExpressionBinder {
  /// Binds `top OVER w`.
  func bindWindowMeasure(_ node: WindowMeasure) throws(SQLError) -> Expression {
    try requireWindows(at: node.range)
    let specification = try windowSpecification(node.over)
    let name = node.name
    let measures = specification.frame?.pattern?.measures ?? []
    let matching = measures.indices.filter { measures[$0].name.label == name.label }
    guard let index = matching.first else {
      throw SQLError(
        .invalidWindowMeasure,
        "Measure \(name.value) is not defined in the corresponding window",
        at: node.range,
        hint: nearestName(to: name.value, among: measures.map(\.name.value)).map {
          "Did you mean '\($0)'?"
        }
      )
    }
    if matching.count > 1 {
      throw SQLError(
        .ambiguousName,
        "Measure \(name.value) is defined more than once",
        at: node.range
      )
    }
    var partitionBy: [Expression] = []
    for syntax in specification.partitionBy { partitionBy.append(try bind(syntax)) }
    let orderBy = try bindSortKeys(specification.orderBy)
    let frame = try bindFrame(specification, orderBy: orderBy)
    let window = try patternWindow(specification, partitionBy, orderBy, frame)
    return .column(window.match.measures[index].column)
  }

  /// Returns the window of a specification with a row pattern, each only once.
  func patternWindow(
    _ specification: WindowSpecification,
    _ partitionBy: [Expression],
    _ orderBy: [SortKey],
    _ frame: Window.Frame
  ) throws(SQLError) -> PendingPatternWindow {
    if let known = patternWindows.first(where: { $0.specification == specification }) {
      return known
    }
    guard let syntax = specification.frame, let parts = syntax.pattern else {
      throw .internal("a window without a row pattern")
    }
    guard let rowPattern = parts.pattern else { throw missingPattern(parts, at: syntax.range) }
    guard !parts.definitions.isEmpty else {
      throw SQLError(
        .missingVariableDefinitions,
        "Pattern recognition requires DEFINE clause",
        at: syntax.range
      )
    }
    guard frame.unit == .rows else {
      throw SQLError(
        .invalidWindowFrame,
        "Pattern recognition requires ROWS frame type",
        at: syntax.range
      )
    }
    guard frame.start == .currentRow, syntax.end != nil else {
      throw SQLError(
        .invalidWindowFrame,
        "Pattern recognition requires frame specified as BETWEEN CURRENT ROW AND ...",
        at: syntax.range
      )
    }
    let labels = try PatternLabels(rowPattern, parts.subsets, parts.definitions)
    let pattern = try labels.bind(rowPattern)
    let skip = try labels.bind(parts.skipTo)
    try rowPattern.requireNoAnchor()
    try rowPattern.requireNoExclusion()
    let expressions = ExpressionBinder(
      binder,
      scope: Scope(scope.fields, parent: nil),
      aggregates: nil,
      windows: nil
    )
    let reading = MatchReading(labels, isWindow: true)
    expressions.reading = reading
    var variables = labels.variables.map { MatchRecognize.Variable(name: $0) }
    for definition in parts.definitions {
      guard let variable = labels.position(of: definition.name) else { continue }
      variables[variable].condition = try expressions.bindDefinition(definition.condition)
    }
    var measures: [MatchRecognize.Measure] = []
    for syntax in parts.measures {
      let expression = try expressions.bindMeasure(syntax.expression)
      let column = binder.makeColumn(syntax.name.value, expression.type)
      measures.append(MatchRecognize.Measure(column: column, expression: expression))
    }
    for subquery in expressions.subqueries {
      subqueries.append(
        try subquery.mapOuter { outer throws(SQLError) in
          try reading.restoringRows(outer, at: syntax.range)
        }
      )
    }
    let search = MatchRecognize.Search(
      end: frame.end,
      seeks: parts.search == .seek,
      position: binder.makeColumn("position", .bigint),
      first: binder.makeColumn("first_row", .bigint),
      last: binder.makeColumn("last_row", .bigint)
    )
    let window = PendingPatternWindow(
      specification: specification,
      match: MatchRecognize(
        input: .values(ValuesNode(columns: [], rows: [])),
        partitionBy: partitionBy,
        orderBy: orderBy,
        variables: variables,
        pattern: pattern,
        inputs: reading.inputs,
        measures: measures,
        rows: .window,
        skip: skip,
        passed: [],
        search: search
      ),
      search: search
    )
    patternWindows.append(window)
    return window
  }

  private func missingPattern(_ parts: FramePattern, at range: SourceRange) -> SQLError {
    let what =
      if !parts.measures.isEmpty {
        "Row pattern measures require"
      } else if parts.skipTo != nil {
        "AFTER MATCH SKIP clause requires"
      } else if let search = parts.search {
        "\(search.rawValue) modifier requires"
      } else if !parts.subsets.isEmpty {
        "Union variable definitions require"
      } else {
        "Primary pattern variable definitions require"
      }
    return SQLError(.missingRowPattern, "\(what) PATTERN clause", at: range)
  }
}
