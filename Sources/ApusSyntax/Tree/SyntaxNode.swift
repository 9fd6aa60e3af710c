public import ApusValues

/// Is one node of the syntax tree: a value that says what was written and where.
///
/// Two nodes are equal when they say the same thing; the place where it stands does not count.
/// So a tree equals the tree of its own printed form, and `GROUP BY a + 1` finds `a + 1`.
public protocol SyntaxNode: Hashable, Sendable {
  /// The bytes of the statement's text from which the node was read.
  var range: SourceRange { get }
}

/// Keeps the place of a node out of its equality and its hash.
@propertyWrapper
public struct SourcePlace: Hashable, Sendable {
  public var wrappedValue: SourceRange

  public init(wrappedValue: SourceRange) {
    self.wrappedValue = wrappedValue
  }

  public static func == (left: SourcePlace, right: SourcePlace) -> Bool { true }

  public func hash(into hasher: inout Hasher) {}
}
