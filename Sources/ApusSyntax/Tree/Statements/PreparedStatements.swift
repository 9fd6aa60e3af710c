public import ApusValues

/// Is `PREPARE p FROM SELECT …`.
public struct PrepareStatement: SyntaxNode {
  public var name: Identifier
  public var statement: Statement
  @SourcePlace public var range: SourceRange

  public init(name: Identifier, statement: Statement, range: SourceRange) {
    self.name = name
    self.statement = statement
    self.range = range
  }
}

/// Is `EXECUTE p USING 1, 'a'`.
public struct ExecuteStatement: SyntaxNode {
  public var name: Identifier
  public var arguments: [Expression]
  @SourcePlace public var range: SourceRange

  public init(name: Identifier, arguments: [Expression] = [], range: SourceRange) {
    self.name = name
    self.arguments = arguments
    self.range = range
  }
}

/// Is `EXECUTE IMMEDIATE 'SELECT ?' USING 1`.
public struct ExecuteImmediateStatement: SyntaxNode {
  public var text: StringLiteral
  public var arguments: [Expression]
  @SourcePlace public var range: SourceRange

  public init(text: StringLiteral, arguments: [Expression] = [], range: SourceRange) {
    self.text = text
    self.arguments = arguments
    self.range = range
  }
}

/// Is `DEALLOCATE PREPARE p`.
public struct DeallocateStatement: SyntaxNode {
  public var name: Identifier
  @SourcePlace public var range: SourceRange

  public init(name: Identifier, range: SourceRange) {
    self.name = name
    self.range = range
  }
}

/// Is `DESCRIBE INPUT p` or `DESCRIBE OUTPUT p`.
public struct DescribePreparedStatement: SyntaxNode {
  public var side: PreparedSide
  public var name: Identifier
  @SourcePlace public var range: SourceRange

  public init(side: PreparedSide, name: Identifier, range: SourceRange) {
    self.side = side
    self.name = name
    self.range = range
  }
}

/// Says what is told of a prepared statement: its parameters or its columns.
public enum PreparedSide: String, Hashable, Sendable, CaseIterable {
  case input = "INPUT"
  case output = "OUTPUT"
}
