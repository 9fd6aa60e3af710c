import ApusSyntax
import ApusValues

typealias SyntaxExpression = ApusSyntax.Expression

/// Turns the expressions of one query specification into bound ones.
///
/// Aggregates, window functions and subqueries become columns at once; what computes these columns
/// is collected here, and the specification places it into the plan.
final class ExpressionBinder {
  let binder: Binder
  let scope: Scope
  /// Output names that ORDER BY may use, before the columns of FROM.
  var aliases: [String: Expression] = [:]
  var namedWindows: [NamedWindow] = []

  /// Aggregates met so far, each with its output column.
  private(set) var aggregates: [Aggregate.Call] = []
  /// Uses of `grouping(…)` met so far.
  private(set) var groupingOperations: [PendingGroupingOperation] = []
  /// Window functions met so far.
  var windows: [PendingWindow] = []
  /// The windows with row patterns met so far.
  var patternWindows: [PendingPatternWindow] = []
  /// Subqueries that the plan must be joined with before the expression can run.
  var subqueries: [PendingSubquery] = []
  /// Those inside the arguments of aggregates, to be joined below the aggregation.
  private(set) var aggregateInputSubqueries: [PendingSubquery] = []
  /// Where a column of FROM was first named outside aggregates, for errors about GROUP BY.
  private(set) var columnRanges: [ColumnID: SourceRange] = [:]

  /// The parameters of the lambdas around the expression, innermost last.
  var lambdaParameters: [[String: PlanColumn]] = []

  /// What the expressions of MATCH_RECOGNIZE read of the match's rows, if these are bound.
  var reading: MatchReading?

  /// What the expression is part of, where aggregates or windows are not allowed there.
  var refusal: (aggregates: String?, windows: String?)
  private var isInsideAggregate = false
  private var isInsideWindow = false

  init(_ binder: Binder, scope: Scope, aggregates: String?, windows: String?) {
    self.binder = binder
    self.scope = scope
    refusal = (aggregates, windows)
  }

  /// Binds a condition; `clause` names it in the error for anything but a boolean.
  func bindCondition(_ syntax: SyntaxExpression, clause: String) throws(SQLError) -> Expression {
    let condition = try bind(syntax)
    guard condition.type == .boolean || condition.type == .unknown else {
      throw SQLError(
        .typeMismatch,
        "\(clause) must evaluate to a boolean: actual type \(condition.type)",
        at: syntax.range
      )
    }
    return condition.coerced(to: .boolean, at: syntax.range)
  }

  func bind(_ syntax: SyntaxExpression) throws(SQLError) -> Expression {
    switch syntax {
    case .identifier(let node):
      return try bindName([node], at: node.range)
    case .dereference(let node):
      return try bindDereference(node)
    case .null: return .null(.unknown)
    case .boolean(let node): return .boolean(node.value)
    case .integer(let node): return .literal(try Literal(node))
    case .decimal(let node): return .literal(try Literal(double: node.text, at: node.range))
    case .double(let node): return .literal(try Literal(double: node.text, at: node.range))
    case .string(let node): return .literal(Literal(node))
    case .binary(let node): return .literal(Literal(.binary(node.bytes), .varbinary))
    case .typed(let node): return try bindTypedLiteral(node)
    case .interval(let node): return .literal(try Literal(node))
    case .unary(let node): return try bindSign(node)
    case .arithmetic(let node): return try bindArithmetic(node)
    case .comparison(let node):
      let op = Comparison.Operator(node.operator)
      return try compare(op, try bind(node.left), try bind(node.right), at: node.range)
    case .distinctFrom(let node):
      let comparison = try compare(
        .isDistinctFrom,
        try bind(node.left),
        try bind(node.right),
        at: node.range
      )
      return node.isNegated ? .not(comparison) : comparison
    case .logical(let node):
      let op: Logical.Operator = node.operator == .and ? .and : .or
      var terms: [Expression] = []
      for term in node.terms { terms.append(try bindOperand(term, of: op.rawValue)) }
      return .logical(Logical(op, terms))
    case .not(let node): return .not(try bindOperand(node.operand, of: "NOT"))
    case .between(let node): return try bindBetween(node)
    case .inList(let node): return try bindInList(node)
    case .inSubquery(let node): return try bindIn(node)
    case .like(let node): return try bindLike(node)
    case .isNull(let node):
      let test = Expression.isNull(try bind(node.value))
      return node.isNegated ? .not(test) : test
    case .truthTest(let node): return try bindTruthTest(node)
    case .exists(let node): return try bindExists(node)
    case .subquery(let node): return try bindScalarSubquery(node)
    case .quantifiedComparison(let node): return try bindQuantified(node)
    case .simpleCase(let node): return try bindSimpleCase(node)
    case .searchedCase(let node): return try bindSearchedCase(node)
    case .cast(let node): return try bindCast(node)
    case .call(let node): return try bindCall(node)
    case .windowMeasure(let node): return try bindWindowMeasure(node)
    case .extract(let node): return try bindExtract(node)
    case .currentTime(let node): return try bindCurrentTime(node)
    case .currentName(let node): return try bindCurrentName(node)
    case .parameter(let node): return try bindParameter(node)
    case .lambda(let node):
      throw SQLError(
        .typeMismatch,
        "A lambda can only be an argument of a function that takes one",
        at: node.range
      )
    case .array(let node): return try bindArray(node)
    case .row(let node): return try bindRow(node)
    case .subscript(let node): return try bindSubscript(node)
    case .atTimeZone(let node): return try bindAtTimeZone(node)
    case .grouping(let node): return try bindGrouping(node)
    case .jsonExists(let node): return try bindJSONExists(node)
    case .jsonValue(let node): return try bindJSONValue(node)
    case .jsonQuery(let node): return try bindJSONQuery(node)
    case .jsonObject(let node): return try bindJSONObject(node)
    case .jsonArray(let node): return try bindJSONArray(node)
    }
  }

  func bindName(_ parts: [Identifier], at range: SourceRange) throws(SQLError) -> Expression {
    if let parameter = lambdaParameter(parts) { return .column(parameter) }
    if parts.count == 1, let alias = aliases[parts[0].value.lowercased()] { return alias }
    guard let column = try scope.resolve(parts, at: range) else {
      let parameters = lambdaParameters.flatMap(\.keys)
      throw scope.notFound(
        parts,
        or: parts.count == 1 ? aliases.keys.sorted() + parameters : [],
        at: range
      )
    }
    return try bindColumn(column, at: range)
  }

  func bindColumn(_ column: PlanColumn, at range: SourceRange) throws(SQLError) -> Expression {
    if let reading { return reading.read(column, of: nil, binder) }
    if !isInsideAggregate, columnRanges[column.id] == nil { columnRanges[column.id] = range }
    return .column(column)
  }

  private func bindTypedLiteral(_ node: TypedLiteral) throws(SQLError) -> Expression {
    let literal = try Literal(node)
    return .literal(literal)
  }

  private func bindCurrentTime(_ node: CurrentTimeExpression) throws(SQLError) -> Expression {
    switch node.function {
    case .currentDate:
      return try makeCall("current_date", [], at: node.range)
    case .currentTime:
      return try bindClock(node) { .timeWithTimeZone(precision: $0) }
    case .currentTimestamp:
      return try bindClock(node) { .timestampWithTimeZone(precision: $0) }
    case .localTime:
      return try bindClock(node) { .time(precision: $0) }
    case .localTimestamp:
      return try bindClock(node) { .timestamp(precision: $0) }
    }
  }

  /// Reads the clock with three digits of a second, or with as many as are asked for.
  private func bindClock(_ node: CurrentTimeExpression, _ type: (Int) -> SQLType) throws(SQLError)
    -> Expression
  {
    guard (0...12).contains(node.precision ?? 3) else {
      throw SQLError(
        .typeMismatch,
        "Invalid precision \(node.precision ?? 3): a time has 0 to 12 digits of a second",
        at: node.range
      )
    }
    let now = try makeCall("$now", [], at: node.range)
    return now.coerced(to: type(node.precision ?? 3), at: node.range)
  }

  /// `x AT TIME ZONE zone`; a timestamp without a zone is taken as one of the session's.
  private func bindAtTimeZone(_ node: AtTimeZoneExpression) throws(SQLError) -> Expression {
    let value = try bind(node.value)
    guard value.type.isAnyTimestamp || value.type.isAnyTime || value.type == .unknown else {
      throw SQLError(
        .typeMismatch,
        "Type of value must be a time or timestamp with or without time zone (actual "
          + "\(value.type))",
        at: node.value.range
      )
    }
    return try makeCall("at_timezone", [value, try bind(node.zone)], at: node.range)
  }

  private func bindCurrentName(_ node: CurrentNameExpression) throws(SQLError) -> Expression {
    switch node.function {
    case .currentUser: return .literal(Literal(.text(binder.context.user), .text))
    case .currentCatalog: return .literal(Literal(.text(binder.context.catalog), .text))
    case .currentSchema: return .literal(Literal(.text(binder.context.schema), .text))
    case .currentPath: throw SQLError.notSupported("CURRENT_PATH", at: node.range)
    }
  }

  /// Binds a call by name of a function that must exist, with the given arguments.
  func makeCall(_ name: String, _ arguments: [Expression], at range: SourceRange)
    throws(SQLError) -> Expression
  {
    let choice = try resolve(name, arguments, kind: .scalar, at: range)
    return .call(
      Call(
        function: choice.boundFunction,
        arguments: coerce(arguments, to: choice.parameterTypes, at: range),
        range: range
      )
    )
  }

  private func bindCall(_ node: FunctionCall) throws(SQLError) -> Expression {
    guard let name = node.name.last?.value.lowercased(), node.name.parts.count == 1 else {
      throw SQLError(
        .functionNotFound,
        "Function '\(node.name.parts.map(\.value).joined(separator: "."))' not registered",
        at: node.name.range
      )
    }
    let kinds = Set(binder.functions.signatures(named: name).map(\.kind))
    if let call = try bindMatchCall(node, name: name, isAggregate: kinds.contains(.aggregate)) {
      return call
    }
    if node.over != nil { return try bindWindowCall(node, name: name, kinds: kinds) }
    if kinds.contains(.aggregate) { return try bindAggregate(node, name: name) }
    if kinds.contains(.window) {
      throw SQLError(
        .missingOver,
        "Window function \(name) requires an OVER clause",
        at: node.range
      )
    }
    try refuseAggregateParts(node, name: name)
    if let special = try bindSpecialForm(node, name: name) { return special }
    return try bindScalarCall(node, name: name)
  }

  private func refuseAggregateParts(_ node: FunctionCall, name: String) throws(SQLError) {
    let isAggregateCall =
      node.quantifier == .distinct || node.filter != nil || !node.orderBy.isEmpty || node.isStar
    if isAggregateCall, !binder.functions.signatures(named: name).isEmpty {
      throw SQLError(
        .functionNotAggregate,
        "DISTINCT, FILTER, ORDER BY and * belong to aggregates, and \(name) is none",
        at: node.range
      )
    }
  }

  /// Binds what looks like a call and is not: arguments are evaluated only where needed.
  private func bindSpecialForm(_ node: FunctionCall, name: String) throws(SQLError) -> Expression? {
    func expect(_ counts: ClosedRange<Int>) throws(SQLError) {
      guard counts.contains(node.arguments.count) else {
        let expected =
          counts.lowerBound == counts.upperBound
          ? "\(counts.lowerBound)" : "\(counts.lowerBound) or more"
        throw SQLError(
          .invalidFunctionArgument,
          "\(name) takes \(expected) arguments, not \(node.arguments.count)",
          at: node.range
        )
      }
    }
    switch name {
    case "coalesce":
      try expect(2...127)
      var terms: [Expression] = []
      for argument in node.arguments { terms.append(try bind(argument)) }
      let type = try commonType(terms, of: "coalesce", at: node.range)
      return .coalesce(
        Coalesce(terms.map { $0.coerced(to: type, at: node.range) }, type: type)
      )
    case "nullif":
      try expect(2...2)
      let first = try bind(node.arguments[0])
      let equal = try compare(.equal, first, try bind(node.arguments[1]), at: node.range)
      return .conditional(
        Conditional(
          branches: [Conditional.Branch(condition: equal, result: .null(first.type))],
          otherwise: first,
          type: first.type
        )
      )
    case "if":
      try expect(2...3)
      let condition = try bindCondition(node.arguments[0], clause: "The condition of if")
      let then = try bind(node.arguments[1])
      let otherwise = node.arguments.count == 3 ? try bind(node.arguments[2]) : .null(.unknown)
      return try conditional([(condition, then)], otherwise: otherwise, at: node.range)
    case "try":
      try expect(1...1)
      return .attempt(try bind(node.arguments[0]))
    case "typeof":
      try expect(1...1)
      let type = try bind(node.arguments[0]).type.description
      return .literal(Literal(.text(type), .text))
    default:
      return nil
    }
  }

  private func bindExtract(_ node: ExtractExpression) throws(SQLError) -> Expression {
    try makeCall(node.field.rawValue.lowercased(), [try bind(node.source)], at: node.range)
  }

  private func resolve(
    _ name: String,
    _ arguments: [Expression],
    kind: FunctionSignature.Kind,
    at range: SourceRange
  ) throws(SQLError) -> OverloadResolution.Choice {
    try overloads(of: name, at: range).resolve(arguments.map(\.type), at: range)
  }

  /// - Throws: FUNCTION_NOT_FOUND.
  func overloads(of name: String, at range: SourceRange) throws(SQLError) -> OverloadResolution {
    let signatures = binder.functions.signatures(named: name)
    if signatures.isEmpty {
      throw SQLError(
        .functionNotFound,
        "Function '\(name)' not registered",
        at: range,
        hint: nearestName(to: name, among: binder.functions.names).map { "Did you mean '\($0)'?" }
      )
    }
    return OverloadResolution(name: name, signatures: signatures)
  }

  func coerce(_ arguments: [Expression], to types: [SQLType], at range: SourceRange)
    -> [Expression]
  {
    zip(arguments, types).map { $0.coerced(to: $1, at: range) }
  }

  private func bindAggregate(_ node: FunctionCall, name: String) throws(SQLError) -> Expression {
    if isInsideAggregate {
      throw SQLError(
        .nestedAggregation,
        "Cannot nest aggregations inside aggregation",
        at: node.range
      )
    }
    if let clause = refusal.aggregates { throw ExpressionBinder.notScalar(clause, at: node.range) }
    let outerSubqueries = subqueries
    let outerRefusal = refusal
    subqueries = []
    isInsideAggregate = true
    refusal.windows = "An argument of an aggregate"
    defer {
      isInsideAggregate = false
      refusal = outerRefusal
      aggregateInputSubqueries += subqueries
      subqueries = outerSubqueries
    }
    let bound = try bindAggregateArguments(node, name: name)
    var filter: Expression?
    if let syntax = node.filter { filter = try bindCondition(syntax, clause: "FILTER clause") }
    var orderBy = try bindSortKeys(node.orderBy)
    if node.quantifier == .distinct {
      for argument in bound.arguments where !argument.type.isComparable {
        throw SQLError(
          .typeMismatch,
          "DISTINCT can only be applied to comparable types (actual: \(argument.type))",
          at: node.range
        )
      }
      // Distinct arguments are all that is known of a row.
      for index in orderBy.indices {
        guard let argument = bound.given.firstIndex(of: orderBy[index].expression) else {
          throw SQLError(
            .expressionNotInDistinct,
            "For aggregate function with DISTINCT, ORDER BY expressions must appear in arguments",
            at: node.orderBy[index].key.range
          )
        }
        orderBy[index].expression = bound.arguments[argument]
      }
    }
    let call = Aggregate.Call(
      column: binder.makeColumn(name, bound.function.returnType),
      function: bound.function,
      arguments: bound.arguments,
      isDistinct: node.quantifier == .distinct,
      filter: filter,
      orderBy: orderBy
    )
    if let same = aggregates.first(where: { $0.computesSame(as: call) }) {
      return .column(same.column)
    }
    aggregates.append(call)
    return .column(call.column)
  }

  /// Binds `grouping(a, b)` to a column that the aggregation puts out.
  private func bindGrouping(_ node: GroupingExpression) throws(SQLError) -> Expression {
    if isInsideAggregate {
      throw SQLError(
        .nestedAggregation,
        "Cannot nest grouping operations inside aggregation",
        at: node.range
      )
    }
    if let clause = refusal.aggregates { throw ExpressionBinder.notScalar(clause, at: node.range) }
    guard node.columns.count < 64 else {
      throw SQLError(
        .tooManyArguments,
        "GROUPING supports up to 63 column arguments",
        at: node.range
      )
    }
    var operation = PendingGroupingOperation(
      column: binder.makeColumn("grouping", node.columns.count < 32 ? .integer : .bigint),
      arguments: [],
      range: node.range
    )
    for column in node.columns { operation.arguments.append((try bind(column), column.range)) }
    groupingOperations.append(operation)
    return .column(operation.column)
  }

  /// The columns of aggregates and grouping operations met so far.
  var aggregationColumns: Set<PlanColumn> {
    Set(aggregates.map(\.column)).union(groupingOperations.map(\.column))
  }

  private static func notScalar(_ clause: String, at range: SourceRange) -> SQLError {
    SQLError(
      .expressionNotScalar,
      "\(clause) cannot contain aggregations, window functions or grouping operations",
      at: range
    )
  }

  /// - Throws: NOT_SUPPORTED for a lambda that reads columns from outside.
  func bindAggregateArguments(_ node: FunctionCall, name: String) throws(SQLError)
    -> BoundArguments
  {
    if node.isStar, name != "count" {
      throw SQLError(
        .functionNotFound,
        "Only count takes *, not \(name)",
        at: node.range
      )
    }
    let bound = try bindArguments(of: node, name: name)
    for (argument, syntax) in zip(bound.arguments, node.arguments) {
      if case .lambda = argument, !argument.columns.isEmpty {
        throw SQLError.notSupported(
          "A lambda of an aggregate that reads columns from outside",
          at: syntax.range
        )
      }
    }
    return bound
  }

  /// - Throws: NESTED_WINDOW or EXPRESSION_NOT_SCALAR where window functions are not allowed.
  func requireWindows(at range: SourceRange) throws(SQLError) {
    guard let clause = refusal.windows else { return }
    if isInsideAggregate || isInsideWindow {
      throw SQLError(.nestedWindow, "\(clause) cannot contain window functions", at: range)
    }
    throw ExpressionBinder.notScalar(clause, at: range)
  }

  private func bindWindowCall(
    _ node: FunctionCall,
    name: String,
    kinds: Set<FunctionSignature.Kind>
  ) throws(SQLError) -> Expression {
    try requireWindows(at: node.range)
    if kinds == [.scalar] {
      throw SQLError(.functionNotWindow, "Not a window function: \(name)", at: node.range)
    }
    if node.quantifier == .distinct {
      throw SQLError(
        .notSupported,
        "DISTINCT in window function parameters not yet supported",
        at: node.range
      )
    }
    if !node.orderBy.isEmpty {
      throw SQLError(
        .notSupported,
        "Window function with ORDER BY is not supported",
        at: node.range
      )
    }
    guard let over = node.over else { return .null(.unknown) }
    let outerRefusal = refusal
    refusal.windows = "A window function"
    isInsideWindow = true
    defer {
      refusal = outerRefusal
      isInsideWindow = false
    }
    let bound = try bindAggregateArguments(node, name: name)
    var filter: Expression?
    if let syntax = node.filter { filter = try bindCondition(syntax, clause: "FILTER clause") }
    let specification = try windowSpecification(over)
    var partitionBy: [Expression] = []
    for syntax in specification.partitionBy { partitionBy.append(try bind(syntax)) }
    var orderBy = try bindSortKeys(specification.orderBy)
    var frame = try bindFrame(specification, orderBy: orderBy)
    if specification.frame?.pattern != nil {
      // What sees a frame sees the rows of the match; the others do not know of it.
      let search = try patternWindow(specification, partitionBy, orderBy, frame).search
      if kinds.contains(.aggregate) || ["first_value", "last_value", "nth_value"].contains(name) {
        orderBy = [SortKey(.column(search.position), isAscending: true, nullsFirst: false)]
        frame.start = .following(.column(search.first))
        frame.end = .following(.column(search.last))
      }
    }
    let column = binder.makeColumn(name, bound.function.returnType)
    windows.append(
      PendingWindow(
        partitionBy: partitionBy,
        orderBy: orderBy,
        function: Window.Function(
          column: column,
          function: bound.function,
          arguments: bound.arguments,
          frame: frame,
          ignoresNulls: node.nullTreatment == .ignore,
          filter: filter
        )
      )
    )
    return .column(column)
  }

  /// Binds the keys of an order; without NULLS FIRST or LAST, NULLs are last either way.
  func bindSortKeys(_ items: [SortItem]) throws(SQLError) -> [SortKey] {
    var keys: [SortKey] = []
    for item in items {
      let key = try bind(item.key)
      try key.type.requireOrder(at: item.key.range)
      keys.append(
        SortKey(
          key,
          isAscending: !item.isDescending,
          nullsFirst: item.nulls == .first
        )
      )
    }
    return keys
  }

  /// Returns the common type of expressions that have to agree.
  func commonType(_ expressions: [Expression], of what: String, at range: SourceRange)
    throws(SQLError) -> SQLType
  {
    var result = SQLType.unknown
    for expression in expressions {
      guard let common = SQLType.common(result, expression.type) else {
        throw SQLError(
          .typeMismatch,
          "All \(what) operands must be the same type or coercible to a common type. Cannot find "
            + "common type between \(result) and \(expression.type)",
          at: range
        )
      }
      result = common
    }
    return result
  }
}

/// A use of `grouping(…)` waiting for what GROUP BY says.
struct PendingGroupingOperation {
  var column: PlanColumn
  var arguments: [(expression: Expression, range: SourceRange)]
  var range: SourceRange
}

/// A window function waiting for its place in the plan.
struct PendingWindow {
  var partitionBy: [Expression]
  var orderBy: [SortKey]
  var function: Window.Function
}

extension Aggregate.Call {
  /// Whether both give the same result under different columns.
  func computesSame(as other: Aggregate.Call) -> Bool {
    function == other.function && arguments == other.arguments && isDistinct == other.isDistinct
      && filter == other.filter && orderBy == other.orderBy && function.isDeterministic
  }
}
