public import ApusValues

/// Is `-x` or `+x`.
public struct UnaryExpression: SyntaxNode {
  public var sign: Sign
  public var operand: Expression
  @SourcePlace public var range: SourceRange

  public init(sign: Sign, operand: Expression, range: SourceRange) {
    self.sign = sign
    self.operand = operand
    self.range = range
  }
}

/// Is the sign before a value.
public enum Sign: String, Hashable, Sendable, CaseIterable {
  case plus = "+"
  case minus = "-"
}

/// Is `a + b`, and `a || b`.
public struct ArithmeticExpression: SyntaxNode {
  public var `operator`: ArithmeticOperator
  public var left: Expression
  public var right: Expression
  @SourcePlace public var range: SourceRange

  public init(
    operator: ArithmeticOperator,
    left: Expression,
    right: Expression,
    range: SourceRange
  ) {
    self.operator = `operator`
    self.left = left
    self.right = right
    self.range = range
  }
}

/// Joins two values into one.
public enum ArithmeticOperator: String, Hashable, Sendable, CaseIterable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case modulo = "%"
  case concatenate = "||"
}

/// Is `a AND b AND c`, `a OR b`.
public struct LogicalExpression: SyntaxNode {
  public var `operator`: LogicalOperator
  /// At least two, in the order written.
  public var terms: [Expression]
  @SourcePlace public var range: SourceRange

  public init(operator: LogicalOperator, terms: [Expression], range: SourceRange) {
    self.operator = `operator`
    self.terms = terms
    self.range = range
  }
}

/// Joins truth values.
public enum LogicalOperator: String, Hashable, Sendable, CaseIterable {
  case and = "AND"
  case or = "OR"
}

/// Is `NOT a`; where NOT is part of a predicate, as in `a NOT IN (1)`, it is that node's flag.
public struct NotExpression: SyntaxNode {
  public var operand: Expression
  @SourcePlace public var range: SourceRange

  public init(operand: Expression, range: SourceRange) {
    self.operand = operand
    self.range = range
  }
}

/// Is `tags[1]`, `counts['k']`, `row[2]`.
public struct SubscriptExpression: SyntaxNode {
  public var base: Expression
  public var index: Expression
  @SourcePlace public var range: SourceRange

  public init(base: Expression, index: Expression, range: SourceRange) {
    self.base = base
    self.index = index
    self.range = range
  }
}

/// Is `base.field`; whether base is a table or a row, the binder decides.
public struct DereferenceExpression: SyntaxNode {
  public var base: Expression
  public var field: Identifier
  @SourcePlace public var range: SourceRange

  public init(base: Expression, field: Identifier, range: SourceRange) {
    self.base = base
    self.field = field
    self.range = range
  }

  /// The parts of `a.b.c` where every part is a plain name, outermost first; nil otherwise.
  public var qualifiedName: QualifiedName? {
    var parts = [field]
    var next = base
    while true {
      switch next {
      case .identifier(let identifier):
        parts.append(identifier)
        return QualifiedName(parts: parts.reversed(), range: range)
      case .dereference(let inner):
        parts.append(inner.field)
        next = inner.base
      default:
        return nil
      }
    }
  }
}

/// Is `t AT TIME ZONE 'Europe/Madrid'`.
public struct AtTimeZoneExpression: SyntaxNode {
  public var value: Expression
  /// A string or an interval.
  public var zone: Expression
  @SourcePlace public var range: SourceRange

  public init(value: Expression, zone: Expression, range: SourceRange) {
    self.value = value
    self.zone = zone
    self.range = range
  }
}
