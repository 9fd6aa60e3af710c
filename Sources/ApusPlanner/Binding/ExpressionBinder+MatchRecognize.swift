import ApusSyntax
import ApusValues

/// What the expressions of one MATCH_RECOGNIZE read of the rows of a match, collected as they are
/// bound.
final class MatchReading {
  let labels: PatternLabels
  private(set) var inputs: [MatchRecognize.Input] = []
  /// The way to the row that columns are read of, within PREV, NEXT, FIRST and LAST.
  fileprivate var navigation = MatchRecognize.Navigation()
  /// The labels of columns and classifiers within the innermost call that wants them to agree; nil for
  /// one without a label.
  fileprivate var met: Set<String?> = []
  /// The navigation or aggregate around, with the place of its operand.
  fileprivate var call: (name: String, isAggregate: Bool, operand: SourceRange?)?
  /// What stands in the arguments of the aggregate being bound for what is not a column.
  fileprivate var aggregated: (classifier: PlanColumn, matchNumber: PlanColumn)?
  fileprivate var isDefinition = false
  private let isWindow: Bool

  init(_ labels: PatternLabels, isWindow: Bool = false) {
    self.labels = labels
    self.isWindow = isWindow
  }

  /// - Throws: INVALID_PATTERN_RECOGNITION_FUNCTION in a window.
  fileprivate func requireMatchNumbers(at range: SourceRange) throws(SQLError) {
    guard isWindow else { return }
    throw SQLError(
      .invalidPatternRecognitionFunction,
      "MATCH_NUMBER function is not supported in window",
      at: range
    )
  }

  /// Reads a column of the row that the navigation leads to, or of the aggregated row.
  func read(_ column: PlanColumn, of label: String?, _ binder: Binder) -> Expression {
    met.insert(label)
    if aggregated != nil { return .column(column) }
    var way = navigation
    way.variables = label.flatMap { labels.unions[$0] } ?? []
    let name = (label.map { "\($0)." } ?? "") + column.name
    return input(.value(.column(column), way), name: way.description(of: name), column.type, binder)
  }

  fileprivate func input(
    _ source: MatchRecognize.Source,
    name: String,
    _ type: SQLType,
    _ binder: Binder
  ) -> Expression {
    if let known = inputs.first(where: { $0.source == source }) { return .column(known.column) }
    let column = binder.makeColumn(name, type)
    inputs.append(MatchRecognize.Input(column: column, source: source))
    return .column(column)
  }

  /// Returns the expression with columns that are no inputs, those of subqueries, read of the current
  /// row.
  fileprivate func readingRest(_ expression: Expression, _ binder: Binder) -> Expression {
    let known = Set(inputs.map(\.column))
    var replacements: [ColumnID: Expression] = [:]
    for column in expression.columns where !known.contains(column) {
      replacements[column.id] = read(column, of: nil, binder)
    }
    return replacements.isEmpty ? expression : expression.substituting(replacements)
  }

  /// Returns what a subquery says about the query around it over the columns of the input, whose rows
  /// it is joined with.
  ///
  /// - Throws: NOT_SUPPORTED for a value that is not one of the current row.
  func restoringRows(_ expression: Expression, at range: SourceRange) throws(SQLError) -> Expression
  {
    var replacements: [ColumnID: Expression] = [:]
    for input in inputs where expression.columns.contains(input.column) {
      guard case .value(let value, MatchRecognize.Navigation()) = input.source else {
        throw SQLError.notSupported(
          "A subquery about \(input.column.name) in MATCH_RECOGNIZE",
          at: range
        )
      }
      replacements[input.column.id] = value
    }
    return expression.substituting(replacements)
  }
}

extension MatchRecognize.Navigation {
  /// Returns what is read on the way in words: `PREV(LAST(A.price, 1), 2)`.
  fileprivate func description(of value: String) -> String {
    var text = value
    if isFirst || isFinal || offset > 0 {
      let name = isFirst ? "FIRST" : isFinal ? "FINAL LAST" : "LAST"
      text = "\(name)(\(text)\(offset > 0 ? ", \(offset)" : ""))"
    }
    if rowOffset != 0 {
      let distance = abs(rowOffset)
      text = "\(rowOffset < 0 ? "PREV" : "NEXT")(\(text)\(distance > 1 ? ", \(distance)" : ""))"
    }
    return text
  }
}

extension ExpressionBinder {
  /// Binds the condition of a pattern's variable.
  func bindDefinition(_ syntax: SyntaxExpression) throws(SQLError) -> Expression {
    reading?.isDefinition = true
    defer { reading?.isDefinition = false }
    let condition = try bindMeasure(syntax)
    guard condition.type == .boolean else {
      throw SQLError(
        .typeMismatch,
        "Expression defining a label must be boolean (actual type: \(condition.type))",
        at: syntax.range
      )
    }
    return condition
  }

  /// Binds an expression over the rows of a match.
  func bindMeasure(_ syntax: SyntaxExpression) throws(SQLError) -> Expression {
    let expression = try bind(syntax)
    return reading?.readingRest(expression, binder) ?? expression
  }

  /// Binds `a.price` where `a` is a variable of the pattern; nil if it is none.
  func bindLabeled(_ name: QualifiedName) throws(SQLError) -> Expression? {
    guard let reading, let first = name.parts.first else { return nil }
    let label = first.label
    let rest = Array(name.parts.dropFirst())
    guard reading.labels.unions[label] != nil else {
      // The name of the table means nothing here; a field of a row may follow its column.
      if try scope.resolve([first], at: first.range) != nil { return nil }
      throw scope.notFound(name.parts, at: name.range)
    }
    guard rest.count == 1, let column = try scope.resolve(rest, at: name.range) else {
      var error = scope.notFound(rest, at: name.range)
      let written = rest.map(\.value).joined(separator: ".")
      error.message = "Column \(written) prefixed with label \(label) cannot be resolved"
      throw error
    }
    return reading.read(column, of: label, binder)
  }

  /// Binds what a call means in MATCH_RECOGNIZE alone; nil if it is one like any other.
  func bindMatchCall(_ node: FunctionCall, name: String, isAggregate: Bool) throws(SQLError)
    -> Expression?
  {
    guard let reading else {
      if let mode = node.processingMode {
        throw SQLError(
          .invalidProcessingMode,
          "\(mode.rawValue) semantics is not supported out of pattern recognition context",
          at: node.range
        )
      }
      if let label = node.starLabel {
        throw SQLError.notSupported(
          "\(label.value).* in an argument outside of MATCH_RECOGNIZE",
          at: label.range
        )
      }
      return nil
    }
    if reading.isDefinition, node.processingMode == .final {
      throw SQLError(
        .invalidProcessingMode,
        "FINAL semantics is not supported in DEFINE clause",
        at: node.range
      )
    }
    switch name {
    case "match_number":
      try requireMatchFunction(node, name)
      try reading.requireMatchNumbers(at: node.range)
      guard node.arguments.isEmpty else {
        throw SQLError(
          .invalidFunctionArgument,
          "MATCH_NUMBER pattern recognition function takes no arguments",
          at: node.range
        )
      }
      if let aggregated = reading.aggregated { return .column(aggregated.matchNumber) }
      return reading.input(.matchNumber, name: "MATCH_NUMBER()", .bigint, binder)
    case "classifier":
      try requireMatchFunction(node, name)
      return try bindClassifier(node, reading)
    case "first", "last", "prev", "next":
      try requireMatchFunction(node, name)
      return try bindNavigation(node, name: name, reading)
    default:
      break
    }
    if node.over != nil {
      throw SQLError(
        .nestedWindow,
        isAggregate
          ? "Cannot use OVER with \(name) aggregate function in pattern recognition context"
          : "Cannot nest window functions or row pattern measures inside pattern recognition "
            + "expressions",
        at: node.range
      )
    }
    if isAggregate { return try bindMatchAggregate(node, name: name, reading) }
    if let mode = node.processingMode {
      throw SQLError(
        .invalidProcessingMode,
        "\(mode.rawValue) semantics is supported only for FIRST(), LAST() and aggregation "
          + "functions. Actual: \(name)",
        at: node.range
      )
    }
    return nil
  }

  private func requireMatchFunction(_ node: FunctionCall, _ name: String) throws(SQLError) {
    if let misplaced = node.partRefusedInMatches {
      throw SQLError(
        .invalidPatternRecognitionFunction,
        "Cannot use \(misplaced) with \(name) pattern recognition function",
        at: node.range
      )
    }
    if let mode = node.processingMode, name != "first", name != "last" {
      throw SQLError(
        .invalidProcessingMode,
        "\(mode.rawValue) semantics is not supported with \(name) pattern recognition function",
        at: node.range
      )
    }
  }

  private func bindClassifier(_ node: FunctionCall, _ reading: MatchReading) throws(SQLError)
    -> Expression
  {
    guard node.arguments.count <= 1 else {
      throw SQLError(
        .invalidFunctionArgument,
        "CLASSIFIER pattern recognition function takes no arguments or 1 argument",
        at: node.range
      )
    }
    var label: String?
    if let argument = node.arguments.first {
      guard case .identifier(let name) = argument else {
        throw SQLError(
          .typeMismatch,
          "CLASSIFIER function argument should be primary pattern variable or subset name. "
            + "Actual: \(argument)",
          at: argument.range
        )
      }
      label = name.label
      try requireLabel(name, reading)
    }
    reading.met.insert(label)
    if let aggregated = reading.aggregated { return .column(aggregated.classifier) }
    var way = reading.navigation
    way.variables = label.flatMap { reading.labels.unions[$0] } ?? []
    let name = way.description(of: "CLASSIFIER(\(label ?? ""))")
    return reading.input(.classifier(way), name: name, .text, binder)
  }

  private func requireLabel(_ name: Identifier, _ reading: MatchReading) throws(SQLError) {
    guard reading.labels.unions[name.label] == nil else { return }
    throw SQLError(
      .invalidFunctionArgument,
      "\(name.label) is not a primary pattern variable or subset name",
      at: name.range
    )
  }

  /// Binds PREV, NEXT, FIRST and LAST: what is read within is read of another row.
  private func bindNavigation(_ node: FunctionCall, name: String, _ reading: MatchReading)
    throws(SQLError) -> Expression
  {
    let written = name.uppercased()
    let isLogical = name == "first" || name == "last"
    guard (1...2).contains(node.arguments.count), let operand = node.arguments.first else {
      throw SQLError(
        .invalidFunctionArgument,
        "\(name) pattern recognition function requires 1 or 2 arguments",
        at: node.range
      )
    }
    let distance = try navigationOffset(node, name) ?? (isLogical ? 0 : 1)
    if let call = reading.call {
      let isNested = !call.isAggregate && isLogical && (call.name == "prev" || call.name == "next")
      if call.isAggregate {
        throw SQLError(
          .invalidNavigationNesting,
          "Cannot nest \(name) pattern navigation function inside \(call.name) function",
          at: node.range
        )
      }
      guard isNested else {
        throw SQLError(
          .invalidNavigationNesting,
          "Cannot nest \(name) pattern navigation function inside \(call.name) pattern navigation "
            + "function",
          at: node.range
        )
      }
      guard call.operand == node.range else {
        throw SQLError(
          .invalidNavigationNesting,
          "Immediate nesting is required for pattern navigation functions",
          at: node.range
        )
      }
    }
    let outer = (reading.navigation, reading.met, reading.call)
    defer {
      reading.navigation = outer.0
      reading.met.formUnion(outer.1)
      reading.call = outer.2
    }
    reading.met = []
    reading.call = (name, false, operand.range)
    switch name {
    case "prev": reading.navigation.rowOffset = -distance
    case "next": reading.navigation.rowOffset = distance
    default:
      reading.navigation.isFirst = name == "first"
      reading.navigation.isFinal = node.processingMode == .final
      reading.navigation.offset = distance
    }
    let expression = try bind(operand)
    try requireAgreement(reading.met, in: written, at: node.range)
    if reading.met.isEmpty {
      throw SQLError(
        .invalidArguments,
        "Pattern navigation function '\(written)' must contain at least one column reference or "
          + "CLASSIFIER()",
        at: node.range
      )
    }
    return expression
  }

  private func requireAgreement(_ labels: Set<String?>, in call: String, at range: SourceRange)
    throws(SQLError)
  {
    guard labels.count > 1 else { return }
    throw SQLError(
      .invalidArguments,
      "All labels and classifiers inside the call to '\(call)' must match",
      at: range
    )
  }

  private func navigationOffset(_ node: FunctionCall, _ name: String) throws(SQLError) -> Int? {
    guard node.arguments.count == 2 else { return nil }
    guard case .integer(let literal) = node.arguments[1] else {
      throw SQLError(
        .invalidFunctionArgument,
        "\(name) pattern recognition navigation function requires a number as the second argument",
        at: node.range
      )
    }
    let maximum = Int(Int32.max)
    guard case .integer(let value) = try Literal(literal).value, value <= Int64(maximum) else {
      throw SQLError(
        .numericValueOutOfRange,
        "The second argument of \(name) pattern recognition navigation function must not exceed "
          + "\(maximum) (actual: \(literal.text))",
        at: node.range
      )
    }
    return Int(value)
  }

  /// Binds an aggregate over the rows of a match.
  private func bindMatchAggregate(_ node: FunctionCall, name: String, _ reading: MatchReading)
    throws(SQLError) -> Expression
  {
    if let misplaced = node.partRefusedInMatches {
      throw SQLError(
        .notSupported,
        "Cannot use \(misplaced) with \(name) aggregate function in pattern recognition context",
        at: node.range
      )
    }
    if let call = reading.call {
      throw SQLError(
        .nestedAggregation,
        "Cannot nest \(name) aggregate function inside \(call.name) function",
        at: node.range
      )
    }
    let columns = (
      classifier: binder.makeColumn("CLASSIFIER()", .text),
      matchNumber: binder.makeColumn("MATCH_NUMBER()", .bigint)
    )
    let outer = reading.met
    defer {
      reading.met.formUnion(outer)
      reading.call = nil
      reading.aggregated = nil
    }
    reading.met = []
    reading.call = (name, true, nil)
    reading.aggregated = columns
    let bound = try bindAggregateArguments(node, name: name)
    if let label = node.starLabel {
      try requireLabel(label, reading)
      reading.met.insert(label.label)
    }
    try requireAgreement(reading.met, in: name, at: node.range)
    let label = reading.met.first.flatMap { $0 }
    let isFinal = node.processingMode == .final
    let aggregation = MatchRecognize.Aggregation(
      function: bound.function,
      arguments: bound.arguments,
      classifier: columns.classifier,
      matchNumber: columns.matchNumber,
      variables: label.flatMap { reading.labels.unions[$0] } ?? [],
      isFinal: isFinal
    )
    let arguments =
      node.isStar
      ? "\(label.map { "\($0)." } ?? "")*"
      : bound.given.map { $0.description }.joined(separator: ", ")
    return reading.input(
      .aggregate(aggregation),
      name: "\(isFinal ? "FINAL " : "")\(name)(\(arguments))",
      bound.function.returnType,
      binder
    )
  }
}

extension FunctionCall {
  /// What of a call no function of MATCH_RECOGNIZE takes.
  fileprivate var partRefusedInMatches: String? {
    if over != nil { return "OVER" }
    if filter != nil { return "FILTER" }
    if !orderBy.isEmpty { return "ORDER BY" }
    return quantifier == .distinct ? "DISTINCT" : nil
  }
}
