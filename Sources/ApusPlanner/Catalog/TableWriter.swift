public import ApusValues
public import ApusVectors

/// Where the rows of a statement that writes go.
public protocol TableWriteTarget: Sendable {
  /// For EXPLAIN: `table sales.orders`.
  var description: String { get }

  /// Makes what one worker writes through.
  func makeWriter() throws(SQLError) -> any TableWriter
}

/// One worker's way to write rows. What was written counts only when every worker's `finish` has
/// returned; a writer that is let go of without it has written nothing.
public protocol TableWriter: AnyObject {
  /// Adds rows, whose columns are the target's.
  func append(_ batch: Batch) throws(SQLError)

  /// Stores what is left.
  func finish() throws(SQLError)
}
