/// Bounds what the parser takes on, so that no text can exhaust memory or a thread's stack.
public enum SyntaxLimits {
  /// The longest text of one statement, in bytes of UTF-8; Athena's own limit.
  public static let textByteCount = 262_144

  /// The longest path from a tree's root to a leaf.
  ///
  /// Whoever walks a tree by recursion may rely on it. Chains of AND and OR are flat and do not
  /// count.
  public static let treeHeight = 1_000

  /// How deep expressions, queries, relations and types may stand inside each other.
  public static let nesting = 200
}
