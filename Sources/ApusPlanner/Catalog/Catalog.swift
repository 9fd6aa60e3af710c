public import ApusValues

/// Where the binder finds what a statement names.
public protocol Catalog: Sendable {
  /// Returns what `name` (one to three parts, folded) stands for, or nil if there is no such thing.
  ///
  /// - Parameter values: see `table(atPath:preferring:)`.
  func relation(_ name: [String], preferring values: [String: Value]) throws(SQLError)
    -> CatalogRelation?

  /// Returns the table that a quoted path stands for.
  ///
  /// - Parameter values: what the statement asks of columns, by name. Where a file has to be opened
  ///   to learn the table's columns, it is best one whose partition has these values.
  /// - Throws: TABLE_NOT_FOUND if nothing is there, and what reading a file's schema may throw.
  func table(atPath path: String, preferring values: [String: Value]) throws(SQLError)
    -> any Table

  /// Names near a name that was not found, for hints.
  func relationNames() throws(SQLError) -> [String]

  /// Returns the function that FROM TABLE(…) calls, nil if there is none of that name.
  func tableFunction(named name: String) -> TableFunction?

  var tableFunctionNames: [String] { get }
}

extension Catalog {
  public func tableFunction(named name: String) -> TableFunction? { nil }
  public var tableFunctionNames: [String] { [] }
}

/// A table, or a view's text.
public enum CatalogRelation: Sendable {
  case table(any Table)
  /// A view's query in Trino's dialect, and where the names in it are looked up.
  case view(query: String, catalog: any Catalog)
}
