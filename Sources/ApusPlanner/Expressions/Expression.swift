public import ApusValues

// Bound expressions: names are resolved, every node has its type, operands of comparisons and
// arithmetic already have the types their operator wants. Columns are known by identity, not by
// position, so that rules move expressions between nodes freely. Two expressions are equal when they
// compute the same; where they were written does not count.

/// An expression over the columns of a plan node's inputs.
public indirect enum Expression: Hashable, Sendable {
  case column(PlanColumn)
  case literal(Literal)
  case call(Call)
  case arithmetic(Arithmetic)
  case comparison(Comparison)
  case logical(Logical)
  case not(Expression)
  case isNull(Expression)
  case cast(Cast)
  case conditional(Conditional)
  case coalesce(Coalesce)
  case inList(InList)
  case like(Like)
  /// `TRY(x)`: NULL where evaluating `x` fails with an error that TRY catches.
  case attempt(Expression)
  case nest(Nest)
  case field(FieldAccess)
  case subscription(Subscription)
  /// Only as an argument of a call.
  case lambda(Lambda)
}

/// `ARRAY[…]` or `ROW(…)`; elements have the types that the type says.
public struct Nest: Hashable, Sendable {
  public var elements: [Expression]
  /// An array or a row.
  public var type: SQLType

  public init(_ elements: [Expression], type: SQLType) {
    self.elements = elements
    self.type = type
  }
}

/// `row.field`, the field known by its position; NULL where the row is.
public struct FieldAccess: Hashable, Sendable {
  public var operand: Expression
  public var field: Int
  public var type: SQLType

  public init(_ operand: Expression, field: Int, type: SQLType) {
    self.operand = operand
    self.field = field
    self.type = type
  }
}

/// `array[index]` with a bigint, or `map[key]` with a key of the map's type.
public struct Subscription: Hashable, Sendable {
  public var operand: Expression
  public var index: Expression
  public var type: SQLType
  @ExpressionPlace public var range: SourceRange?

  public init(_ operand: Expression, _ index: Expression, type: SQLType, range: SourceRange?) {
    self.operand = operand
    self.index = index
    self.type = type
    self.range = range
  }
}

/// `(x, y) -> body`; the body may also read columns from outside.
public struct Lambda: Hashable, Sendable {
  public var parameters: [PlanColumn]
  public var body: Expression

  public init(_ parameters: [PlanColumn], _ body: Expression) {
    self.parameters = parameters
    self.body = body
  }
}

/// A constant.
public struct Literal: Hashable, Sendable {
  public var value: Value
  public var type: SQLType

  public init(_ value: Value, _ type: SQLType) {
    self.value = value
    self.type = type
  }
}

/// A call of a scalar function; arguments have exactly the function's parameter types.
public struct Call: Hashable, Sendable {
  public var function: BoundFunction
  public var arguments: [Expression]
  @ExpressionPlace public var range: SourceRange?

  public init(function: BoundFunction, arguments: [Expression], range: SourceRange?) {
    self.function = function
    self.arguments = arguments
    self.range = range
  }
}

/// `left op right`.
///
/// Operands: both of one integer or floating-point type, equal to `type`; or both decimals of any
/// precision and scale; or a date or timestamp with an interval (either order for +), a timestamp
/// or date minus one of its type, an interval with an interval, an interval times or divided by a
/// bigint or double.
public struct Arithmetic: Hashable, Sendable {
  public enum Operator: String, Hashable, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case modulo = "%"
  }

  public var op: Operator
  public var left: Expression
  public var right: Expression
  public var type: SQLType
  @ExpressionPlace public var range: SourceRange?

  public init(
    _ op: Operator,
    _ left: Expression,
    _ right: Expression,
    type: SQLType,
    range: SourceRange?
  ) {
    self.op = op
    self.left = left
    self.right = right
    self.type = type
    self.range = range
  }
}

/// `left op right` over operands of one type.
public struct Comparison: Hashable, Sendable {
  public enum Operator: String, Hashable, Sendable {
    case equal = "="
    case notEqual = "<>"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    /// Like `<>`, but NULL is a value equal to itself; never NULL.
    case isDistinctFrom = "IS DISTINCT FROM"

    /// The operator with its sides exchanged.
    public var mirrored: Operator {
      switch self {
      case .equal, .notEqual, .isDistinctFrom: self
      case .less: .greater
      case .lessOrEqual: .greaterOrEqual
      case .greater: .less
      case .greaterOrEqual: .lessOrEqual
      }
    }
  }

  public var op: Operator
  public var left: Expression
  public var right: Expression

  public init(_ op: Operator, _ left: Expression, _ right: Expression) {
    self.op = op
    self.left = left
    self.right = right
  }
}

/// AND or OR over two or more terms, in three-valued logic.
public struct Logical: Hashable, Sendable {
  public enum Operator: String, Hashable, Sendable {
    case and = "AND"
    case or = "OR"
  }

  public var op: Operator
  public var terms: [Expression]

  public init(_ op: Operator, _ terms: [Expression]) {
    self.op = op
    self.terms = terms
  }
}

/// `CAST(operand AS type)` or `TRY_CAST`, or an implicit conversion.
public struct Cast: Hashable, Sendable {
  public var operand: Expression
  public var type: SQLType
  /// Whether what does not convert becomes NULL.
  public var isTry: Bool
  @ExpressionPlace public var range: SourceRange?

  public init(_ operand: Expression, to type: SQLType, isTry: Bool = false, range: SourceRange?) {
    self.operand = operand
    self.type = type
    self.isTry = isTry
    self.range = range
  }
}

/// `CASE WHEN … THEN … ELSE … END`; conditions are boolean, results have one type.
public struct Conditional: Hashable, Sendable {
  public struct Branch: Hashable, Sendable {
    public var condition: Expression
    public var result: Expression

    public init(condition: Expression, result: Expression) {
      self.condition = condition
      self.result = result
    }
  }

  public var branches: [Branch]
  public var otherwise: Expression
  public var type: SQLType

  public init(branches: [Branch], otherwise: Expression, type: SQLType) {
    self.branches = branches
    self.otherwise = otherwise
    self.type = type
  }
}

/// The first term that is not NULL; terms have one type and are evaluated only where needed.
public struct Coalesce: Hashable, Sendable {
  public var terms: [Expression]
  public var type: SQLType

  public init(_ terms: [Expression], type: SQLType) {
    self.terms = terms
    self.type = type
  }
}

/// `operand IN (list)` over one type, in three-valued logic.
public struct InList: Hashable, Sendable {
  public var operand: Expression
  public var list: [Expression]

  public init(_ operand: Expression, _ list: [Expression]) {
    self.operand = operand
    self.list = list
  }
}

/// `operand LIKE pattern [ESCAPE escape]` over varchar.
public struct Like: Hashable, Sendable {
  public var operand: Expression
  public var pattern: Expression
  public var escape: Expression?
  @ExpressionPlace public var range: SourceRange?

  public init(_ operand: Expression, pattern: Expression, escape: Expression?, range: SourceRange?)
  {
    self.operand = operand
    self.pattern = pattern
    self.escape = escape
    self.range = range
  }
}

extension Expression {
  public var type: SQLType {
    switch self {
    case .column(let column): column.type
    case .literal(let literal): literal.type
    case .call(let call): call.function.returnType
    case .arithmetic(let arithmetic): arithmetic.type
    case .comparison, .logical, .not, .isNull, .inList, .like: .boolean
    case .cast(let cast): cast.type
    case .conditional(let conditional): conditional.type
    case .coalesce(let coalesce): coalesce.type
    case .attempt(let expression): expression.type
    case .nest(let nest): nest.type
    case .field(let access): access.type
    case .subscription(let subscription): subscription.type
    case .lambda(let lambda): lambda.body.type
    }
  }

  /// The literal TRUE or FALSE.
  public static func boolean(_ value: Bool) -> Expression {
    .literal(Literal(.boolean(value), .boolean))
  }

  /// NULL of a type.
  public static func null(_ type: SQLType) -> Expression { .literal(Literal(.null, type)) }
}
