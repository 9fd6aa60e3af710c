public import ApusValues

/// Is `WITH FUNCTION f(x bigint) RETURNS bigint RETURN x + 1 SELECT …`.
public struct InlineFunctionsStatement: SyntaxNode {
  /// Never empty.
  public var functions: [InlineFunction]
  public var query: Query
  @SourcePlace public var range: SourceRange

  public init(functions: [InlineFunction], query: Query, range: SourceRange) {
    self.functions = functions
    self.query = query
    self.range = range
  }
}

/// Is a function of one query: `FUNCTION f(x bigint) RETURNS bigint RETURN x + 1`.
public struct InlineFunction: SyntaxNode {
  public var name: QualifiedName
  public var parameters: [TypeField]
  public var returnType: TypeName
  public var body: Expression
  @SourcePlace public var range: SourceRange

  public init(
    name: QualifiedName,
    parameters: [TypeField] = [],
    returnType: TypeName,
    body: Expression,
    range: SourceRange
  ) {
    self.name = name
    self.parameters = parameters
    self.returnType = returnType
    self.body = body
    self.range = range
  }
}

/// Is `USING EXTERNAL FUNCTION f(x bigint) RETURNS bigint LAMBDA 'name' SELECT …`.
public struct ExternalFunctionsStatement: SyntaxNode {
  /// Never empty.
  public var functions: [ExternalFunction]
  public var query: Query
  @SourcePlace public var range: SourceRange

  public init(functions: [ExternalFunction], query: Query, range: SourceRange) {
    self.functions = functions
    self.query = query
    self.range = range
  }
}

/// Is `EXTERNAL FUNCTION f(x bigint) RETURNS bigint LAMBDA 'name'`, which a service computes.
public struct ExternalFunction: SyntaxNode {
  public var name: Identifier
  public var parameters: [TypeField]
  public var returnType: TypeName
  public var service: StringLiteral
  @SourcePlace public var range: SourceRange

  public init(
    name: Identifier,
    parameters: [TypeField] = [],
    returnType: TypeName,
    service: StringLiteral,
    range: SourceRange
  ) {
    self.name = name
    self.parameters = parameters
    self.returnType = returnType
    self.service = service
    self.range = range
  }
}
