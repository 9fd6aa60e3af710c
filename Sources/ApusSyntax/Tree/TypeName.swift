public import ApusValues

/// Names a type as the statement spells it: `decimal(12, 2)`, `array<int>`, `row(a bigint)`.
///
/// Words stand in `name`, separated by one space, in lower case: `double precision`,
/// `timestamp with time zone`, `interval day to second`. What stands in brackets is in
/// `parameters`: `timestamp(3) with time zone` has the parameter 3. Hive's spellings (`int`,
/// `string`, `struct<a:int>`) stay as they are.
public struct TypeName: SyntaxNode {
  public var name: String
  public var parameters: [TypeParameter]
  @SourcePlace public var range: SourceRange

  public init(name: String, parameters: [TypeParameter] = [], range: SourceRange) {
    self.name = name
    self.parameters = parameters
    self.range = range
  }
}

/// Is what stands in the brackets of a type.
public enum TypeParameter: SyntaxNode {
  /// `12` in `decimal(12, 2)`.
  case number(TypeNumber)
  /// `bigint` in `array(bigint)`.
  case type(TypeName)
  /// `a bigint` in `row(a bigint)`, `a:int` in `struct<a:int>`.
  case field(TypeField)

  public var range: SourceRange {
    switch self {
    case .number(let node): node.range
    case .type(let node): node.range
    case .field(let node): node.range
    }
  }
}

/// Is a length, precision or scale.
public struct TypeNumber: SyntaxNode {
  public var value: Int
  @SourcePlace public var range: SourceRange

  public init(value: Int, range: SourceRange) {
    self.value = value
    self.range = range
  }
}

/// Is a named field of a row.
public struct TypeField: SyntaxNode {
  public var name: Identifier
  public var type: TypeName
  @SourcePlace public var range: SourceRange

  public init(name: Identifier, type: TypeName, range: SourceRange) {
    self.name = name
    self.type = type
    self.range = range
  }
}
