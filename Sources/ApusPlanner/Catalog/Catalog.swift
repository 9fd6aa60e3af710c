public import ApusValues

/// Where the binder finds what a statement names.
public protocol Catalog: Sendable {
  /// Returns what `name` (one to three parts, folded) stands for, or nil if there is no such thing.
  func relation(_ name: [String]) throws(SQLError) -> CatalogRelation?

  /// Returns the table that a quoted path stands for.
  ///
  /// - Throws: TABLE_NOT_FOUND if nothing is there, and what reading a file's schema may throw.
  func table(atPath path: String) throws(SQLError) -> any Table

  /// Names near a name that was not found, for hints.
  func relationNames() throws(SQLError) -> [String]
}

/// A table, or a view's text.
public enum CatalogRelation: Sendable {
  case table(any Table)
  /// The view's query in Trino's dialect.
  case view(String)
}
