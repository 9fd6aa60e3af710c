public import ApusValues

/// Is `JSON_EXISTS(document, 'lax $.a' ERROR ON ERROR)`.
public struct JSONExistsExpression: SyntaxNode {
  public var path: JSONPathInvocation
  public var onError: JSONExistsBehavior?
  @SourcePlace public var range: SourceRange

  public init(path: JSONPathInvocation, onError: JSONExistsBehavior? = nil, range: SourceRange) {
    self.path = path
    self.onError = onError
    self.range = range
  }
}

/// Says what JSON_EXISTS gives where the path fails.
public enum JSONExistsBehavior: String, Hashable, Sendable, CaseIterable {
  case `true` = "TRUE"
  case `false` = "FALSE"
  case unknown = "UNKNOWN"
  case error = "ERROR"
}

/// Is `JSON_VALUE(document, 'lax $.a' RETURNING bigint DEFAULT 0 ON EMPTY NULL ON ERROR)`.
public struct JSONValueExpression: SyntaxNode {
  public var path: JSONPathInvocation
  public var type: TypeName?
  public var onEmpty: JSONValueBehavior?
  public var onError: JSONValueBehavior?
  @SourcePlace public var range: SourceRange

  public init(
    path: JSONPathInvocation,
    type: TypeName? = nil,
    onEmpty: JSONValueBehavior? = nil,
    onError: JSONValueBehavior? = nil,
    range: SourceRange
  ) {
    self.path = path
    self.type = type
    self.onEmpty = onEmpty
    self.onError = onError
    self.range = range
  }
}

/// Says what JSON_VALUE gives where there is no value.
public enum JSONValueBehavior: Hashable, Sendable {
  case error
  case null
  case `default`(Expression)
}

/// Is `JSON_QUERY(document, 'lax $.a' WITH ARRAY WRAPPER OMIT QUOTES EMPTY ARRAY ON EMPTY)`.
public struct JSONQueryExpression: SyntaxNode {
  public var path: JSONPathInvocation
  public var output: JSONOutput?
  public var wrapper: JSONWrapper?
  public var quotes: JSONQuotes?
  public var onEmpty: JSONQueryBehavior?
  public var onError: JSONQueryBehavior?
  @SourcePlace public var range: SourceRange

  public init(
    path: JSONPathInvocation,
    output: JSONOutput? = nil,
    wrapper: JSONWrapper? = nil,
    quotes: JSONQuotes? = nil,
    onEmpty: JSONQueryBehavior? = nil,
    onError: JSONQueryBehavior? = nil,
    range: SourceRange
  ) {
    self.path = path
    self.output = output
    self.wrapper = wrapper
    self.quotes = quotes
    self.onEmpty = onEmpty
    self.onError = onError
    self.range = range
  }
}

/// Says whether JSON_QUERY puts what it finds into an array.
public enum JSONWrapper: String, Hashable, Sendable, CaseIterable {
  case without = "WITHOUT"
  case conditional = "WITH CONDITIONAL"
  case unconditional = "WITH UNCONDITIONAL"
}

/// Says whether JSON_QUERY leaves the quotes around a text; ON SCALAR STRING adds nothing.
public enum JSONQuotes: String, Hashable, Sendable, CaseIterable {
  case keep = "KEEP"
  case omit = "OMIT"
}

/// Says what JSON_QUERY gives where there is nothing.
public enum JSONQueryBehavior: String, Hashable, Sendable, CaseIterable {
  case error = "ERROR"
  case null = "NULL"
  case emptyArray = "EMPTY ARRAY"
  case emptyObject = "EMPTY OBJECT"
}

/// Is `JSON_OBJECT('a' : 1, KEY 'b' VALUE 2 ABSENT ON NULL WITH UNIQUE KEYS)`.
public struct JSONObjectExpression: SyntaxNode {
  public var members: [JSONMember]
  /// Whether members that are NULL are left out; nil where nothing is said, which keeps them.
  public var isNullAbsent: Bool?
  public var hasUniqueKeys: Bool?
  public var output: JSONOutput?
  @SourcePlace public var range: SourceRange

  public init(
    members: [JSONMember],
    isNullAbsent: Bool? = nil,
    hasUniqueKeys: Bool? = nil,
    output: JSONOutput? = nil,
    range: SourceRange
  ) {
    self.members = members
    self.isNullAbsent = isNullAbsent
    self.hasUniqueKeys = hasUniqueKeys
    self.output = output
    self.range = range
  }
}

/// Is `'a' : 1`, `'a' VALUE 1` or `KEY 'a' VALUE 1`.
public struct JSONMember: SyntaxNode {
  public var key: Expression
  public var value: JSONInput
  @SourcePlace public var range: SourceRange

  public init(key: Expression, value: JSONInput, range: SourceRange) {
    self.key = key
    self.value = value
    self.range = range
  }
}

/// Is `JSON_ARRAY(1, 'a' NULL ON NULL)`.
public struct JSONArrayExpression: SyntaxNode {
  public var elements: [JSONInput]
  /// Whether elements that are NULL are left out; nil where nothing is said, which leaves them out.
  public var isNullAbsent: Bool?
  public var output: JSONOutput?
  @SourcePlace public var range: SourceRange

  public init(
    elements: [JSONInput],
    isNullAbsent: Bool? = nil,
    output: JSONOutput? = nil,
    range: SourceRange
  ) {
    self.elements = elements
    self.isNullAbsent = isNullAbsent
    self.output = output
    self.range = range
  }
}

/// Is `document FORMAT JSON, 'lax $.a' PASSING x AS y`.
public struct JSONPathInvocation: SyntaxNode {
  public var document: JSONInput
  public var path: StringLiteral
  public var arguments: [JSONPathArgument]
  @SourcePlace public var range: SourceRange

  public init(
    document: JSONInput,
    path: StringLiteral,
    arguments: [JSONPathArgument] = [],
    range: SourceRange
  ) {
    self.document = document
    self.path = path
    self.arguments = arguments
    self.range = range
  }
}

/// Is `x AS y` after PASSING.
public struct JSONPathArgument: SyntaxNode {
  public var value: JSONInput
  public var name: Identifier
  @SourcePlace public var range: SourceRange

  public init(value: JSONInput, name: Identifier, range: SourceRange) {
    self.value = value
    self.name = name
    self.range = range
  }
}

/// Is `value [FORMAT JSON [ENCODING UTF8]]`.
public struct JSONInput: SyntaxNode {
  public var value: Expression
  public var format: JSONFormat?
  @SourcePlace public var range: SourceRange

  public init(value: Expression, format: JSONFormat? = nil, range: SourceRange) {
    self.value = value
    self.format = format
    self.range = range
  }
}

/// Is `RETURNING varchar [FORMAT JSON [ENCODING UTF8]]`.
public struct JSONOutput: SyntaxNode {
  public var type: TypeName
  public var format: JSONFormat?
  @SourcePlace public var range: SourceRange

  public init(type: TypeName, format: JSONFormat? = nil, range: SourceRange) {
    self.type = type
    self.format = format
    self.range = range
  }
}

/// Says how a text or bytes hold a document.
public enum JSONFormat: String, Hashable, Sendable, CaseIterable {
  case json = "JSON"
  case utf8 = "JSON ENCODING UTF8"
  case utf16 = "JSON ENCODING UTF16"
  case utf32 = "JSON ENCODING UTF32"
}
