public import ApusValues

/// Is `NULL`.
public struct NullLiteral: SyntaxNode {
  @SourcePlace public var range: SourceRange

  public init(range: SourceRange) {
    self.range = range
  }
}

/// Is `TRUE` or `FALSE`.
public struct BooleanLiteral: SyntaxNode {
  public var value: Bool
  @SourcePlace public var range: SourceRange

  public init(value: Bool, range: SourceRange) {
    self.value = value
    self.range = range
  }
}

/// Is `42`: digits only; the sign is a `UnaryExpression`.
public struct IntegerLiteral: SyntaxNode {
  /// The digits as written, of any length.
  public var text: String
  @SourcePlace public var range: SourceRange

  public init(text: String, range: SourceRange) {
    self.text = text
    self.range = range
  }
}

/// Is `1.50`: digits with a point.
public struct DecimalLiteral: SyntaxNode {
  /// As written, so that `1.50` keeps its scale.
  public var text: String
  @SourcePlace public var range: SourceRange

  public init(text: String, range: SourceRange) {
    self.text = text
    self.range = range
  }
}

/// Is `15e-1`: a number with an exponent.
public struct DoubleLiteral: SyntaxNode {
  public var text: String
  @SourcePlace public var range: SourceRange

  public init(text: String, range: SourceRange) {
    self.text = text
    self.range = range
  }
}

/// Is `'it''s'` or `U&'\2603'`.
public struct StringLiteral: SyntaxNode {
  /// The characters meant: quotes undoubled, Unicode escapes decoded.
  public var value: String
  @SourcePlace public var range: SourceRange

  public init(value: String, range: SourceRange) {
    self.value = value
    self.range = range
  }
}

/// Is `X'65683F'`.
public struct BinaryLiteral: SyntaxNode {
  public var bytes: [UInt8]
  @SourcePlace public var range: SourceRange

  public init(bytes: [UInt8], range: SourceRange) {
    self.bytes = bytes
    self.range = range
  }
}

/// Is a text in the notation of a type: `DATE '1998-09-02'`, `DECIMAL '1.5'`, `JSON '{}'`.
public struct TypedLiteral: SyntaxNode {
  public var type: TypeName
  public var text: String
  @SourcePlace public var range: SourceRange

  public init(type: TypeName, text: String, range: SourceRange) {
    self.type = type
    self.text = text
    self.range = range
  }
}

/// Is `INTERVAL '3' DAY`, `INTERVAL -'2-1' YEAR TO MONTH`.
public struct IntervalLiteral: SyntaxNode {
  public var isNegative: Bool
  public var text: String
  public var from: IntervalField
  public var to: IntervalField?
  @SourcePlace public var range: SourceRange

  public init(
    isNegative: Bool = false,
    text: String,
    from: IntervalField,
    to: IntervalField? = nil,
    range: SourceRange
  ) {
    self.isNegative = isNegative
    self.text = text
    self.from = from
    self.to = to
    self.range = range
  }
}

/// Is a field of an interval, largest first.
public enum IntervalField: String, Hashable, Sendable, CaseIterable {
  case year
  case month
  case day
  case hour
  case minute
  case second
}

/// Is `?`: a value that comes with the execution.
public struct Parameter: SyntaxNode {
  /// The position among the statement's parameters, from 0.
  public var index: Int
  @SourcePlace public var range: SourceRange

  public init(index: Int, range: SourceRange) {
    self.index = index
    self.range = range
  }
}
