/// Bounds what the parser takes on, so that no text can exhaust memory or a thread's stack.
public enum SyntaxLimits {
  /// The longest text of one statement, in bytes of UTF-8; Athena's own limit.
  public static let textByteCount = 262_144

  /// The longest path from a tree's root to a leaf.
  ///
  /// Whoever walks a tree by recursion may rely on it: with 10 KB for a level, which a `switch`
  /// over all expressions takes in a debug build, a walk fits into half of a thread's 8 MB. Chains
  /// of AND and OR are flat and do not count.
  public static let treeHeight = 400

  /// The most parameters that a statement has; PostgreSQL's own limit.
  public static let parameterCount = 65_535

  /// How deep expressions, queries, relations and types may stand inside each other.
  ///
  /// A subquery counts twice: as an expression and as a query. The parser takes up to 30 KB of
  /// stack for a level in a debug build.
  public static let nesting = 128
}
