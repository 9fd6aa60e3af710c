public import ApusValues

/// What a call of a function may look like, and what it gives.
public struct FunctionSignature: Sendable {
  public enum Kind: String, Sendable {
    case scalar
    case aggregate
    case window
  }

  /// A type or a family of types that an argument may have.
  public indirect enum Parameter: Sendable, Hashable {
    /// Exactly this type, or what coerces to it.
    case type(SQLType)
    /// A varchar of any length, kept as it is; a char becomes varchar.
    case anyVarchar
    /// Any decimal, kept as it is; an integer becomes the decimal that holds it.
    case anyDecimal
    /// Any timestamp, kept as it is; a date becomes timestamp(0).
    case anyTimestamp
    /// Any timestamp with time zone, kept as it is; one without is in the session's zone, UTC.
    case anyZonedTimestamp
    /// Any time without a zone, kept as it is.
    case anyTime
    /// Any time with time zone, kept as it is; one without is in the session's zone, UTC.
    case anyZonedTime
    /// Any type at all, kept as it is.
    case any
    /// One type for all parameters of the same number: the common type of their arguments.
    case same(Int)
    /// An array of such elements.
    case array(Parameter)
    /// A map of such keys and values.
    case map(Parameter, Parameter)
    /// Any row.
    case anyRow
    /// A lambda of parameters of these types with such a result; its type is the result's.
    case function([Parameter], Parameter)
  }

  /// The type of the result.
  public enum Result: Sendable {
    case type(SQLType)
    /// The type that the parameter at this position has after coercion.
    case parameter(Int)
    /// What the numbers of `same` stand for, put in.
    case pattern(Parameter)
    /// Computed from the types of all parameters after coercion.
    case computed(@Sendable ([SQLType]) -> SQLType)
  }

  public var name: String
  public var kind: Kind
  public var parameters: [Parameter]
  /// Whether the last parameter may be given any number of times, at least once.
  public var isVariadic: Bool
  public var result: Result
  public var isDeterministic: Bool
  /// One sentence, for SHOW FUNCTIONS and the reference.
  public var summary: String

  public init(
    _ name: String,
    kind: Kind = .scalar,
    _ parameters: [Parameter],
    isVariadic: Bool = false,
    returns result: Result,
    isDeterministic: Bool = true,
    summary: String
  ) {
    self.name = name
    self.kind = kind
    self.parameters = parameters
    self.isVariadic = isVariadic
    self.result = result
    self.isDeterministic = isDeterministic
    self.summary = summary
  }
}

/// The functions that statements may call.
public protocol FunctionRegistry: Sendable {
  /// The overloads of a name, in order of preference; their positions are `BoundFunction.overload`.
  func signatures(named name: String) -> [FunctionSignature]

  /// All names, sorted.
  var names: [String] { get }
}
