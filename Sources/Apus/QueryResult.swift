public import ApusValues
public import ApusVectors
import Synchronization

/// What a statement answers: its columns at once, its rows as they are made.
///
/// Rows come once, to one reader at a time: as batches for threads that may wait (`nextBatch`) or
/// as an `AsyncSequence` of `Row`. A result that is dropped before its end stops its query.
public final class QueryResult: Sendable {
  /// The columns; none for statements that answer nothing, such as CREATE VIEW.
  public let schema: Schema
  public let kind: StatementKind
  /// Rows written, for statements that write.
  public let updateCount: Int?
  let columnPositions: [String: Int]
  private let source: any BatchSource
  /// Of a query that has ended before there was an answer.
  private let finalStatistics: QueryStatistics?
  private let cancellation: QueryCancellation

  init(
    schema: Schema,
    kind: StatementKind,
    updateCount: Int? = nil,
    statistics: QueryStatistics? = nil,
    source: any BatchSource,
    cancellation: QueryCancellation
  ) throws(SQLError) {
    self.schema = schema
    self.kind = kind
    self.updateCount = updateCount
    self.source = source
    finalStatistics = statistics
    self.cancellation = cancellation
    var positions: [String: Int] = [:]
    for (index, field) in schema.fields.enumerated() where positions[field.name] == nil {
      positions[field.name] = index
    }
    columnPositions = positions
    try cancellation.attach(source)
  }

  /// Returns the next rows, at least one, or nil at the end. Blocks until there are some.
  ///
  /// - Throws: what the query throws; USER_CANCELED after `cancel`.
  public func nextBatch() throws(SQLError) -> Batch? {
    do {
      return try source.next()
    } catch {
      try cancellation.check()
      throw error
    }
  }

  /// What the query has read and used so far. May be asked from any thread.
  public var statistics: QueryStatistics { finalStatistics ?? source.statistics }

  /// Stops the query: a reader that waits, or the next one, gets USER_CANCELED.
  public func cancel() { cancellation.cancel() }
}

/// Where the batches of a result come from.
package protocol BatchSource: Sendable {
  /// Returns the next batch of at least one row, or nil at the end; blocks.
  func next() throws(SQLError) -> Batch?

  /// What has been done so far; may be asked from any thread.
  var statistics: QueryStatistics { get }

  /// Makes `next` stop soon, from any thread; no effect after the end.
  func cancel()
}

/// Rows that are there already: the answers of SHOW and its like.
final class FixedRows: BatchSource {
  private let batches: Mutex<[Batch]>

  init(_ batches: [Batch]) { self.batches = Mutex(batches.reversed()) }

  /// Makes one batch of rows, each as long as the schema.
  convenience init(_ schema: Schema, rows: [[Value]]) {
    guard !rows.isEmpty else {
      self.init([])
      return
    }
    let columns = schema.fields.enumerated().map { index, field in
      let builder = VectorBuilder(type: field.type, capacity: rows.count)
      for (row, values) in rows.enumerated() { builder.set(row, values[index]) }
      return builder.finish(count: rows.count)
    }
    self.init([Batch(columns: columns, rowCount: rows.count)])
  }

  func next() throws(SQLError) -> Batch? { batches.withLock { $0.popLast() } }

  var statistics: QueryStatistics { QueryStatistics() }

  func cancel() {}
}
