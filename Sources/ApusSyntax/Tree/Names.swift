public import ApusValues

/// Names one thing: `orders`, `"Order Date"`, `` `total` ``.
public struct Identifier: SyntaxNode {
  /// The name; folded to lower case unless it was quoted, and without its quotes.
  public var value: String
  public var isQuoted: Bool
  @SourcePlace public var range: SourceRange

  public init(value: String, isQuoted: Bool = false, range: SourceRange) {
    self.value = value
    self.isQuoted = isQuoted
    self.range = range
  }
}

/// Names a thing by its path: `awsdatacatalog.sales.orders`.
public struct QualifiedName: SyntaxNode {
  /// Outermost first; never empty.
  public var parts: [Identifier]
  @SourcePlace public var range: SourceRange

  public init(parts: [Identifier], range: SourceRange) {
    self.parts = parts
    self.range = range
  }

  /// The last part: the name without its path.
  public var last: Identifier? { parts.last }
}

/// Names a table, or the files that stand for one: `orders`, `'landing/*.parquet'`.
public enum TableName: SyntaxNode {
  case name(QualifiedName)
  case path(StringLiteral)

  public var range: SourceRange {
    switch self {
    case .name(let node): node.range
    case .path(let node): node.range
    }
  }
}
