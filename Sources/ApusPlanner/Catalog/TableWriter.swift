public import ApusValues
public import ApusVectors

// Where a statement's rows go, before anyone knows how they are stored. Everything here may block on
// I/O and is called from threads of our own, never from a Task.

/// Where rows go. Makes one writer for each worker that has rows.
///
/// What a writer stores stays out of sight until whoever made the target brings it to light, once the
/// query has succeeded.
public protocol TableWriteTarget: Sendable {
  /// What EXPLAIN calls it.
  var description: String { get }

  func makeWriter() throws(SQLError) -> any TableWriter
}

/// One worker's share of the rows on their way. Used by one thread at a time, not always the same.
///
/// A writer that is let go of without `finish` has to leave nothing behind that others could take
/// for rows.
public protocol TableWriter: AnyObject {
  /// Takes rows, at least one, of the columns that the plan says.
  func append(_ batch: Batch) throws(SQLError)

  /// Stores what is left: all rows of this writer are safe when it returns. Called once, after all
  /// rows of the query have been appended; not called on failure.
  func finish() throws(SQLError)

  /// The memory that the writer holds, in bytes; asked after each batch and charged to the query.
  var bufferedByteCount: Int { get }
}
