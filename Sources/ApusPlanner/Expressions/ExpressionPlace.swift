public import ApusValues

/// Keeps the place where an expression was written out of its equality and its hash.
@propertyWrapper
public struct ExpressionPlace: Hashable, Sendable {
  public var wrappedValue: SourceRange?

  public init(wrappedValue: SourceRange?) { self.wrappedValue = wrappedValue }

  public static func == (left: ExpressionPlace, right: ExpressionPlace) -> Bool { true }

  public func hash(into hasher: inout Hasher) {}
}
