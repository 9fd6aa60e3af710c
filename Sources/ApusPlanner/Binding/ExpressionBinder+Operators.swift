import ApusSyntax
import ApusValues

extension Comparison.Operator {
  init(_ syntax: ComparisonOperator) {
    self =
      switch syntax {
      case .equal: .equal
      case .notEqual: .notEqual
      case .less: .less
      case .lessOrEqual: .lessOrEqual
      case .greater: .greater
      case .greaterOrEqual: .greaterOrEqual
      }
  }
}

extension ExpressionBinder {
  /// Compares two bound operands in their common type.
  func compare(
    _ op: Comparison.Operator,
    _ left: Expression,
    _ right: Expression,
    at range: SourceRange
  ) throws(SQLError) -> Expression {
    guard let type = SQLType.common(left.type, right.type), type.isComparable else {
      throw SQLError(
        .typeMismatch,
        "Cannot apply operator: \(left.type) \(op.rawValue) \(right.type)",
        at: range,
        hint: castHint(left.type, right.type)
      )
    }
    let needsOrder = ![.equal, .notEqual, .isDistinctFrom].contains(op)
    if needsOrder, !type.isOrderable {
      throw SQLError(
        .typeMismatch,
        "Cannot apply operator: \(left.type) \(op.rawValue) \(right.type)",
        at: range
      )
    }
    return .comparison(
      Comparison(op, left.coerced(to: type, at: range), right.coerced(to: type, at: range))
    )
  }

  private func castHint(_ left: SQLType, _ right: SQLType) -> String? {
    let other = left.isText ? right : left
    guard left.isText != right.isText else { return nil }
    return other == .date || other.isTimestamp
      ? "Write the text as a literal: \(other == .date ? "DATE" : "TIMESTAMP") '…'."
      : "CAST one side to the type of the other."
  }

  func bindOperand(_ syntax: SyntaxExpression, of name: String) throws(SQLError) -> Expression {
    try bindBoolean(
      syntax,
      name == "NOT" ? "Value of logical NOT expression" : "Logical expression term"
    )
  }

  func bindSign(_ node: UnaryExpression) throws(SQLError) -> Expression {
    // The smallest integers have no positive counterpart, so the sign belongs to the literal.
    if node.sign == .minus, case .integer(let literal) = node.operand,
      let value = Int64("-" + literal.text)
    {
      let type: SQLType = Int32(exactly: value) == nil ? .bigint : .integer
      return .literal(Literal(.integer(value), type))
    }
    let operand = try bind(node.operand)
    guard operand.type.isNumeric || operand.type.isInterval || operand.type == .unknown else {
      throw SQLError(
        .typeMismatch,
        "Cannot apply operator: \(node.sign.rawValue)\(operand.type)",
        at: node.range
      )
    }
    if node.sign == .plus { return operand }
    guard case .literal(let literal) = operand else { return try negate(operand, at: node.range) }
    switch literal.value {
    case .integer(let value) where value != Int64.min:
      return .literal(Literal(.integer(-value), literal.type))
    case .wide(let value):
      return .literal(Literal(.wide(-value), literal.type))
    case .double(let value):
      return .literal(Literal(.double(-value), literal.type))
    default:
      return try negate(operand, at: node.range)
    }
  }

  /// `-x` as a product, which keeps overflow and the sign of zero right.
  private func negate(_ operand: Expression, at range: SourceRange) throws(SQLError) -> Expression {
    let type = operand.type
    let one: Value =
      switch type.physicalType {
      case .float32: .real(-1)
      case .float64: .double(-1)
      default: .integer(-1)
      }
    switch type {
    case .unknown:
      return operand
    case .decimal:
      let minusOne = Literal(.integer(-1), .decimal(precision: 1, scale: 0))
      return .arithmetic(
        Arithmetic(.multiply, operand, .literal(minusOne), type: type, range: range)
      )
    case .intervalDayToSecond, .intervalYearToMonth:
      return .arithmetic(
        Arithmetic(
          .multiply,
          operand,
          .literal(Literal(.integer(-1), .bigint)),
          type: type,
          range: range
        )
      )
    default:
      return .arithmetic(
        Arithmetic(.multiply, operand, .literal(Literal(one, type)), type: type, range: range)
      )
    }
  }

  func bindArithmetic(_ node: ArithmeticExpression) throws(SQLError) -> Expression {
    let left = try bind(node.left)
    let right = try bind(node.right)
    guard node.operator != .concatenate else { return try concatenate(left, right, at: node.range) }
    guard let op = Arithmetic.Operator(rawValue: node.operator.rawValue),
      let result = arithmetic(op, left, right, at: node.range)
    else {
      throw SQLError(
        .typeMismatch,
        "Cannot apply operator: \(left.type) \(node.operator.rawValue) \(right.type)",
        at: node.range
      )
    }
    return result
  }

  private func concatenate(_ left: Expression, _ right: Expression, at range: SourceRange)
    throws(SQLError) -> Expression
  {
    func isArray(_ operand: Expression) -> Bool {
      if case .array = operand.type { true } else { false }
    }
    if isArray(left) || isArray(right) { return try makeCall("concat", [left, right], at: range) }
    for operand in [left, right]
    where !operand.type.isText && operand.type != .varbinary && operand.type != .unknown {
      throw SQLError(
        .typeMismatch,
        "Cannot apply operator: \(left.type) || \(right.type)",
        at: range,
        hint: "CAST(… AS varchar) makes text of a value."
      )
    }
    return try makeCall("concat", [left, right], at: range)
  }

  /// Returns `left op right` with the types that Trino gives it, nil if it gives none.
  func arithmetic(
    _ op: Arithmetic.Operator,
    _ left: Expression,
    _ right: Expression,
    at range: SourceRange
  ) -> Expression? {
    func make(_ a: Expression, _ b: Expression, _ type: SQLType) -> Expression {
      .arithmetic(Arithmetic(op, a, b, type: type, range: range))
    }
    var left = left
    var right = right
    if left.type == .unknown { left = left.coerced(to: right.type, at: range) }
    if right.type == .unknown { right = right.coerced(to: left.type, at: range) }
    switch (left.type, right.type) {
    case (.date, let interval) where interval.isInterval && (op == .add || op == .subtract):
      return make(left, right, .date)
    case (let interval, .date) where interval.isInterval && op == .add:
      return make(left, right, .date)
    case (let timestamp, let interval)
    where timestamp.isAnyTimestamp && interval.isInterval && (op == .add || op == .subtract):
      return make(left, right, resultOfAddingInterval(left.type, interval))
    case (let interval, let timestamp)
    where timestamp.isAnyTimestamp && interval.isInterval && op == .add:
      return make(left, right, resultOfAddingInterval(right.type, interval))
    case (let time, .intervalDayToSecond)
    where time.isAnyTime && (op == .add || op == .subtract):
      return make(left, right, resultOfAddingInterval(time, right.type))
    case (.intervalDayToSecond, let time) where time.isAnyTime && op == .add:
      return make(left, right, resultOfAddingInterval(time, left.type))
    case (.date, .date) where op == .subtract:
      return make(left, right, .intervalDayToSecond)
    case (let a, let b)
    where (a.isAnyTimestamp || a == .date) && (b.isAnyTimestamp || b == .date)
      || a.isAnyTime && b.isAnyTime:
      guard op == .subtract, let type = SQLType.common(left.type, right.type) else { return nil }
      return make(
        left.coerced(to: type, at: range),
        right.coerced(to: type, at: range),
        .intervalDayToSecond
      )
    case (let a, let b) where a.isInterval && a == b && (op == .add || op == .subtract):
      return make(left, right, a)
    case (let interval, let number) where interval.isInterval && number.isNumeric:
      guard op == .multiply || op == .divide else { return nil }
      return make(
        left,
        right.coerced(to: number.isInteger ? .bigint : .double, at: range),
        interval
      )
    case (let number, let interval) where interval.isInterval && number.isNumeric:
      guard op == .multiply else { return nil }
      return make(
        right,
        left.coerced(to: number.isInteger ? .bigint : .double, at: range),
        interval
      )
    default:
      break
    }
    guard left.type.isNumeric, right.type.isNumeric else { return nil }
    if let a = left.type.asDecimal, let b = right.type.asDecimal,
      left.type.isDecimal || right.type.isDecimal
    {
      guard case .decimal(let p1, let s1) = a, case .decimal(let p2, let s2) = b else { return nil }
      return make(
        left.coerced(to: a, at: range),
        right.coerced(to: b, at: range),
        decimalResult(op, p1, s1, p2, s2)
      )
    }
    guard let type = SQLType.common(left.type, right.type) else { return nil }
    return make(left.coerced(to: type, at: range), right.coerced(to: type, at: range), type)
  }

  /// A day-time interval has milliseconds, so the sum keeps at least three digits.
  private func resultOfAddingInterval(_ type: SQLType, _ interval: SQLType) -> SQLType {
    guard interval == .intervalDayToSecond else { return type }
    return switch type {
    case .time(let precision): .time(precision: max(precision, 3))
    case .timeWithTimeZone(let precision): .timeWithTimeZone(precision: max(precision, 3))
    case .timestamp(let precision): .timestamp(precision: max(precision, 3))
    case .timestampWithTimeZone(let precision): .timestampWithTimeZone(precision: max(precision, 3))
    default: type
    }
  }

  /// Trino's result types of decimal operators.
  private func decimalResult(_ op: Arithmetic.Operator, _ p1: Int, _ s1: Int, _ p2: Int, _ s2: Int)
    -> SQLType
  {
    let scale = max(s1, s2)
    switch op {
    case .add, .subtract:
      return .decimal(precision: min(38, 1 + scale + max(p1 - s1, p2 - s2)), scale: scale)
    case .multiply:
      return .decimal(precision: min(38, p1 + p2), scale: min(38, s1 + s2))
    case .divide:
      return .decimal(precision: min(38, p1 + s2 - s1 + max(0, s2 - s1)), scale: scale)
        .withValidScale
    case .modulo:
      return .decimal(precision: max(1, min(p1 - s1, p2 - s2) + scale), scale: scale)
    }
  }

  func bindBetween(_ node: BetweenExpression) throws(SQLError) -> Expression {
    let value = try bind(node.value)
    let low = try bind(node.low)
    let high = try bind(node.high)
    guard
      let type = SQLType.common(value.type, low.type).flatMap({ SQLType.common($0, high.type) }),
      type.isOrderable || type == .unknown
    else {
      throw SQLError(
        .typeMismatch,
        "Cannot check if \(value.type) is BETWEEN \(low.type) and \(high.type)",
        at: node.range
      )
    }
    func within(_ low: Expression, _ high: Expression) throws(SQLError) -> Expression {
      .logical(
        Logical(
          .and,
          [
            try compare(.greaterOrEqual, value, low, at: node.range),
            try compare(.lessOrEqual, value, high, at: node.range),
          ]
        )
      )
    }
    var result = try within(low, high)
    if node.isSymmetric { result = .logical(Logical(.or, [result, try within(high, low)])) }
    return node.isNegated ? .not(result) : result
  }

  func bindInList(_ node: InListExpression) throws(SQLError) -> Expression {
    var operands = [try bind(node.value)]
    for item in node.items { operands.append(try bind(item)) }
    let type = try commonType(
      operands,
      of: "IN value and list items",
      at: ([node.value] + node.items).map(\.range)
    )
    guard type.isComparable else {
      throw SQLError(
        .typeMismatch,
        "Cannot apply operator: \(type) = \(type)",
        at: node.range
      )
    }
    let coerced = operands.map { $0.coerced(to: type, at: node.range) }
    let test = Expression.inList(InList(coerced[0], Array(coerced.dropFirst())))
    return node.isNegated ? .not(test) : test
  }

  func bindLike(_ node: LikeExpression) throws(SQLError) -> Expression {
    func text(_ syntax: SyntaxExpression, _ what: String) throws(SQLError) -> Expression {
      let operand = try bind(syntax)
      guard operand.type.isText || operand.type == .unknown else {
        throw SQLError(
          .typeMismatch,
          "\(what) must evaluate to a varchar (actual: \(operand.type))",
          at: syntax.range
        )
      }
      return operand.type.isVarchar ? operand : operand.coerced(to: .text, at: syntax.range)
    }
    let like = Expression.like(
      Like(
        try text(node.value, "Left side of LIKE expression"),
        pattern: try text(node.pattern, "Pattern for LIKE expression"),
        escape: try node.escape.map { syntax throws(SQLError) in
          try text(syntax, "Escape for LIKE expression")
        },
        range: node.range
      )
    )
    return node.isNegated ? .not(like) : like
  }

  func bindTruthTest(_ node: TruthTestExpression) throws(SQLError) -> Expression {
    let value = try bindOperand(node.value, of: "IS")
    let test: Expression =
      switch node.truth {
      case .true: .coalesce(Coalesce([value, .boolean(false)], type: .boolean))
      case .false: .coalesce(Coalesce([.not(value), .boolean(false)], type: .boolean))
      case .unknown: .isNull(value)
      }
    return node.isNegated ? .not(test) : test
  }

  func bindSimpleCase(_ node: SimpleCaseExpression) throws(SQLError) -> Expression {
    let operand = try bind(node.operand)
    var branches: [(Expression, Expression)] = []
    for branch in node.branches {
      let value = try bind(branch.condition)
      guard SQLType.common(operand.type, value.type) != nil else {
        throw SQLError(
          .typeMismatch,
          "CASE operand type does not match WHEN clause operand type: \(operand.type) vs "
            + "\(value.type)",
          at: branch.condition.range
        )
      }
      branches.append(
        (try compare(.equal, operand, value, at: branch.range), try bind(branch.result))
      )
    }
    let otherwise = try node.otherwise.map { syntax throws(SQLError) in try bind(syntax) }
    return try conditional(
      branches,
      otherwise: otherwise ?? .null(.unknown),
      results: node.branches.map(\.result.range) + (node.otherwise.map { [$0.range] } ?? []),
      at: node.range
    )
  }

  func bindSearchedCase(_ node: SearchedCaseExpression) throws(SQLError) -> Expression {
    var branches: [(Expression, Expression)] = []
    for branch in node.branches {
      branches.append(
        (
          try bindBoolean(branch.condition, "CASE WHEN clause"),
          try bind(branch.result)
        )
      )
    }
    let otherwise = try node.otherwise.map { syntax throws(SQLError) in try bind(syntax) }
    return try conditional(
      branches,
      otherwise: otherwise ?? .null(.unknown),
      results: node.branches.map(\.result.range) + (node.otherwise.map { [$0.range] } ?? []),
      at: node.range
    )
  }

  /// Makes a conditional whose results have their common type.
  ///
  /// - Parameter places: where each result is.
  func conditional(
    _ branches: [(Expression, Expression)],
    otherwise: Expression,
    results places: [SourceRange],
    at range: SourceRange
  ) throws(SQLError) -> Expression {
    let type = try commonType(
      branches.map(\.1) + [otherwise],
      of: "All CASE results",
      at: places.isEmpty ? [range] : places
    )
    return .conditional(
      Conditional(
        branches: branches.map {
          Conditional.Branch(condition: $0.0, result: $0.1.coerced(to: type, at: range))
        },
        otherwise: otherwise.coerced(to: type, at: range),
        type: type
      )
    )
  }

  func bindCast(_ node: CastExpression) throws(SQLError) -> Expression {
    let operand = try bind(node.value)
    let type = try SQLType(node.type)
    if operand.type.isAnyTime, type.isAnyTimestamp {
      return try bindToday(at: operand, as: type, node.range)
    }
    guard SQLType.isCastSupported(from: operand.type, to: type) else {
      throw SQLError(
        .typeMismatch,
        "Cannot cast \(operand.type) to \(type)",
        at: node.range
      )
    }
    if operand.type == type { return operand }
    if case .literal(let literal) = operand, literal.value.isNull { return .null(type) }
    return .cast(Cast(operand, to: type, isTry: node.isTry, range: node.range))
  }
}

extension ExpressionBinder {
  /// Casts a time to a timestamp: today at that time. A time with time zone becomes a timestamp with
  /// time zone by what UTC's clocks show then, and any other by what its own do.
  private func bindToday(at time: Expression, as type: SQLType, _ range: SourceRange)
    throws(SQLError)
    -> Expression
  {
    func cast(_ value: Expression, _ type: SQLType) -> Expression {
      value.type == type ? value : .cast(Cast(value, to: type, isTry: false, range: range))
    }
    func text(_ literal: String) -> Expression { .literal(Literal(.text(literal), .text)) }
    let today = cast(try makeCall("current_date", [], at: range), .text)
    guard case .timestampWithTimeZone(let precision) = type else {
      guard case .timeWithTimeZone(let digits) = time.type else {
        return cast(try makeCall("concat", [today, text(" "), cast(time, .text)], at: range), type)
      }
      return try bindToday(at: cast(time, .time(precision: digits)), as: type, range)
    }
    guard case .timeWithTimeZone(let digits) = time.type else {
      let written = [today, text(" "), cast(time, .text), text(" UTC")]
      return cast(try makeCall("concat", written, at: range), type)
    }
    // What rounding carries over midnight stays in the day.
    let rounded = cast(time, .timeWithTimeZone(precision: min(digits, precision)))
    let utc = try makeCall("at_timezone", [rounded, text("UTC")], at: range)
    let clock = cast(utc, .time(precision: min(digits, precision)))
    let written = [today, text(" "), cast(clock, .text), text(" UTC")]
    let instant = cast(try makeCall("concat", written, at: range), type)
    let end = Expression.literal(Literal(.integer(-6), .bigint))
    let zone = try makeCall("substr", [cast(time, .text), end], at: range)
    return try makeCall("at_timezone", [instant, zone], at: range)
  }
}

extension SQLType {
  /// A decimal whose precision is raised to its scale if it is lower, as division may ask for.
  fileprivate var withValidScale: SQLType {
    guard case .decimal(let precision, let scale) = self else { return self }
    return .decimal(precision: max(1, precision, scale), scale: scale)
  }
}
