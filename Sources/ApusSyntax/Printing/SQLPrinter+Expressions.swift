/// Says how tightly an expression holds together; the order of the grammar's rules.
private enum Tightness: Int, Comparable {
  case disjunction
  case conjunction
  case negation
  case predicate
  case concatenation
  case sum
  case product
  case signed
  case zoned
  case primary
  /// A primary that a subscript or a field may follow directly.
  case base

  static func < (left: Tightness, right: Tightness) -> Bool { left.rawValue < right.rawValue }

  /// The least tightness that is greater.
  var tighter: Tightness { Tightness(rawValue: rawValue + 1) ?? .base }
}

extension ArithmeticOperator {
  fileprivate var tightness: Tightness {
    switch self {
    case .concatenate: .concatenation
    case .add, .subtract: .sum
    case .multiply, .divide, .modulo: .product
    }
  }
}

extension Expression {
  fileprivate var tightness: Tightness {
    switch self {
    case .logical(let node): node.operator == .or ? .disjunction : .conjunction
    case .not: .negation
    case .comparison, .quantifiedComparison, .distinctFrom, .between, .inList, .inSubquery,
      .like, .isNull, .truthTest:
      .predicate
    case .arithmetic(let node): node.operator.tightness
    case .unary: .signed
    case .atTimeZone: .zoned
    case .lambda: .disjunction
    case .null, .boolean, .integer, .decimal, .double, .string, .binary, .typed, .interval,
      .parameter, .currentTime, .currentName:
      .primary
    case .call(let call): call.over == nil && call.filter == nil ? .base : .primary
    case .windowMeasure: .primary
    case .identifier, .dereference, .exists, .subquery, .simpleCase, .searchedCase, .cast,
      .array, .row, .subscript, .extract, .grouping, .jsonExists, .jsonValue, .jsonQuery,
      .jsonObject, .jsonArray:
      .base
    }
  }
}

extension Expression {
  /// Whether parentheses make it a value.
  var isLooserThanValue: Bool { tightness < .concatenation }
}

extension SQLPrinter {
  mutating func print(_ expression: Expression) { print(expression, atLeast: .disjunction) }

  /// Writes what a subscript, a field or `.*` follows.
  mutating func printBase(_ expression: Expression) { print(expression, atLeast: .base) }

  /// Writes a value that stands where predicates may not.
  mutating func printValue(_ expression: Expression) {
    print(expression, atLeast: .concatenation)
  }

  private mutating func print(_ expression: Expression, atLeast tightness: Tightness) {
    guard expression.tightness < tightness else { return printBare(expression) }
    parenthesized { $0.printBare(expression) }
  }

  private mutating func printBare(_ expression: Expression) {
    switch expression {
    case .identifier(let node): print(node, except: Parser.notInExpressions)
    case .dereference(let node):
      printBase(node.base)
      write(".")
      print(node.field)
    case .null: write("NULL")
    case .boolean(let node): write(node.value ? "TRUE" : "FALSE")
    case .integer(let node): write(node.text)
    case .decimal(let node): write(node.text)
    case .double(let node): write(node.text)
    case .string(let node): print(node)
    case .binary(let node): print(node)
    case .typed(let node): print(node)
    case .interval(let node): print(node)
    case .parameter(let node): print(node)
    case .unary(let node): print(node)
    case .arithmetic(let node): print(node)
    case .comparison(let node):
      printValue(node.left)
      write(" \(node.operator.rawValue) ")
      printValue(node.right)
    case .distinctFrom(let node):
      printValue(node.left)
      write(node.isNegated ? " IS NOT DISTINCT FROM " : " IS DISTINCT FROM ")
      printValue(node.right)
    case .logical(let node): print(node)
    case .not(let node):
      write("NOT ")
      print(node.operand, atLeast: .negation)
    case .between(let node): print(node)
    case .inList(let node):
      printValue(node.value)
      write(node.isNegated ? " NOT IN " : " IN ")
      parenthesized { $0.list(node.items) { $0.print($1) } }
    case .inSubquery(let node):
      printValue(node.value)
      write(node.isNegated ? " NOT IN " : " IN ")
      printSubquery(node.query)
    case .like(let node): print(node)
    case .isNull(let node):
      printValue(node.value)
      write(node.isNegated ? " IS NOT NULL" : " IS NULL")
    case .truthTest(let node):
      printValue(node.value)
      write(node.isNegated ? " IS NOT " : " IS ")
      write(node.truth.rawValue)
    case .exists(let node):
      write("EXISTS ")
      printSubquery(node.query)
    case .subquery(let node): printSubquery(node.query)
    case .quantifiedComparison(let node):
      printValue(node.value)
      write(" \(node.operator.rawValue) \(node.quantifier.rawValue) ")
      printSubquery(node.query)
    case .simpleCase(let node): printCase(node.operand, node.branches, node.otherwise)
    case .searchedCase(let node): printCase(nil, node.branches, node.otherwise)
    case .cast(let node): print(node)
    case .call(let node): print(node)
    case .lambda(let node): print(node)
    case .array(let node):
      write("ARRAY[")
      list(node.elements) { $0.print($1) }
      write("]")
    case .row(let node):
      if node.elements.count < 2 { write("ROW") }
      parenthesized { $0.list(node.elements) { $0.print($1) } }
    case .subscript(let node):
      // `array[1]` would be an array with one element.
      if case .identifier(let name) = node.base, name.value == "array", !name.isQuoted {
        write("(array)")
      } else {
        printBase(node.base)
      }
      write("[")
      printValue(node.index)
      write("]")
    case .extract(let node):
      write("EXTRACT(\(node.field.rawValue) FROM ")
      printValue(node.source)
      write(")")
    case .atTimeZone(let node):
      print(node.value, atLeast: .zoned)
      write(" AT TIME ZONE ")
      printValue(node.zone)
    case .currentTime(let node):
      write(node.function.rawValue)
      if let precision = node.precision { write("(\(precision))") }
    case .currentName(let node): write(node.function.rawValue)
    case .grouping(let node):
      write("GROUPING")
      parenthesized { $0.list(node.columns) { $0.print($1) } }
    case .jsonExists(let node): print(node)
    case .jsonValue(let node): print(node)
    case .jsonQuery(let node): print(node)
    case .jsonObject(let node): print(node)
    case .jsonArray(let node): print(node)
    case .windowMeasure(let node):
      print(node.name, except: Parser.notMeasures)
      write(" OVER ")
      print(node.over)
    }
  }

  mutating func printSubquery(_ query: Query) { parenthesized { $0.print(query) } }

  private mutating func print(_ literal: BinaryLiteral) {
    write("X'")
    for byte in literal.bytes {
      let digits = String(byte, radix: 16, uppercase: true)
      write(digits.count == 1 ? "0" + digits : digits)
    }
    write("'")
  }

  private mutating func print(_ literal: TypedLiteral) {
    let name = literal.type.name
    let isBare =
      name == "double precision" || Self.isName(name, except: Parser.notTypesOfLiterals)
    write(isBare ? name : Self.quoted(name))
    write(" ")
    write(Self.quoted(text: literal.text))
  }

  mutating func print(_ literal: IntervalLiteral) {
    write("INTERVAL ")
    if literal.isNegative { write("-") }
    write(Self.quoted(text: literal.text))
    write(" \(literal.from.rawValue.uppercased())")
    if let to = literal.to { write(" TO \(to.rawValue.uppercased())") }
  }

  private mutating func print(_ node: UnaryExpression) {
    write(node.sign.rawValue)
    // Two minus signs together would begin a comment.
    if case .unary = node.operand { write(" ") }
    print(node.operand, atLeast: .signed)
  }

  private mutating func print(_ node: ArithmeticExpression) {
    print(node.left, atLeast: node.operator.tightness)
    write(" \(node.operator.rawValue) ")
    print(node.right, atLeast: node.operator.tightness.tighter)
  }

  private mutating func print(_ node: LogicalExpression) {
    let tightness: Tightness = node.operator == .or ? .conjunction : .negation
    for (position, term) in node.terms.enumerated() {
      if position > 0 { write(" \(node.operator.rawValue) ") }
      print(term, atLeast: tightness)
    }
  }

  private mutating func print(_ node: BetweenExpression) {
    printValue(node.value)
    write(node.isNegated ? " NOT BETWEEN " : " BETWEEN ")
    if node.isSymmetric { write("SYMMETRIC ") }
    printValue(node.low)
    write(" AND ")
    printValue(node.high)
  }

  private mutating func print(_ node: LikeExpression) {
    printValue(node.value)
    write(node.isNegated ? " NOT LIKE " : " LIKE ")
    printValue(node.pattern)
    if let escape = node.escape {
      write(" ESCAPE ")
      printValue(escape)
    }
  }

  private mutating func printCase(
    _ operand: Expression?,
    _ branches: [WhenBranch],
    _ otherwise: Expression?
  ) {
    write("CASE")
    if let operand {
      write(" ")
      print(operand)
    }
    for branch in branches {
      write(" WHEN ")
      print(branch.condition)
      write(" THEN ")
      print(branch.result)
    }
    if let otherwise {
      write(" ELSE ")
      print(otherwise)
    }
    write(" END")
  }

  private mutating func print(_ node: CastExpression) {
    write(node.isTry ? "TRY_CAST(" : "CAST(")
    print(node.value)
    write(" AS ")
    print(node.type)
    write(")")
  }

  private mutating func print(_ node: LambdaExpression) {
    if node.parameters.count == 1 {
      print(node.parameters[0], except: Parser.notInExpressions)
    } else {
      parenthesized { printer in
        printer.list(node.parameters) { $0.print($1, except: Parser.notInExpressions) }
      }
    }
    write(" -> ")
    print(node.body)
  }
}
