public import ApusValues

/// A function that gives a table: what FROM TABLE(…) calls. Its arguments are bigint.
public struct TableFunction: Sendable {
  public struct Parameter: Sendable {
    public var name: String
    /// The value where none is given; nil if one must be.
    public var standard: Value?

    public init(_ name: String, standard: Value? = nil) {
      self.name = name
      self.standard = standard
    }
  }

  public var parameters: [Parameter]
  /// Makes the table for a value of each parameter.
  public var makeTable: @Sendable ([Value]) throws(SQLError) -> any Table

  public init(
    _ parameters: [Parameter],
    makeTable: @escaping @Sendable ([Value]) throws(SQLError) -> any Table
  ) {
    self.parameters = parameters
    self.makeTable = makeTable
  }
}
