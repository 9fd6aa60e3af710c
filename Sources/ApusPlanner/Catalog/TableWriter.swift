public import ApusValues
public import ApusVectors

// Where a statement's rows go, before anyone knows how they are stored. Everything here may block on
// I/O and is called from threads of our own, never from a Task.

/// Where the rows of a statement that writes go. Makes one writer for each worker that has rows.
public protocol TableWriteTarget: Sendable {
  /// For EXPLAIN: `table sales.orders`.
  var description: String { get }

  /// Makes what one worker writes through.
  func makeWriter() throws(SQLError) -> any TableWriter
}

/// One worker's way to write rows. What was written counts only when every writer's `finish` has
/// returned; a writer that is let go of without it has written nothing.
///
/// Used by one thread at a time, not always the same.
public protocol TableWriter: AnyObject {
  /// Adds rows, at least one, whose columns are the target's.
  func append(_ batch: Batch) throws(SQLError)

  /// Stores what is left. Called once, when all rows of the query have been appended, and not once
  /// the query has failed.
  func finish() throws(SQLError)

  /// The memory that the writer holds, in bytes; asked after each batch and charged to the query.
  var bufferedByteCount: Int { get }
}
