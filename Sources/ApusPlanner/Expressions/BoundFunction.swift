public import ApusValues

/// A function with its overload chosen: what a call or an aggregate refers to.
public struct BoundFunction: Hashable, Sendable {
  public var name: String
  /// The position of the signature among those of the name in the registry.
  public var overload: Int
  /// The types of the arguments as passed, after coercion.
  public var parameterTypes: [SQLType]
  public var returnType: SQLType
  /// Whether equal arguments give equal results (not so for `random()`).
  public var isDeterministic: Bool

  public init(
    name: String,
    overload: Int,
    parameterTypes: [SQLType],
    returnType: SQLType,
    isDeterministic: Bool
  ) {
    self.name = name
    self.overload = overload
    self.parameterTypes = parameterTypes
    self.returnType = returnType
    self.isDeterministic = isDeterministic
  }
}
