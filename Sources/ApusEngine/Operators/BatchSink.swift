import ApusValues
import ApusVectors

/// The end of a pipeline.
///
/// Its life: every worker makes a consumer, pushes batches, and closes it; then come rounds of tasks
/// until there are none. Rounds are prepared by one worker while the others wait; tasks of one
/// round run at the same time on all workers.
protocol BatchSink: AnyObject, Sendable {
  /// The plan node it belongs to, by position in pre-order.
  var node: Int { get }

  func makeConsumer(_ context: WorkerContext) throws(SQLError) -> any SinkConsumer

  /// Prepares the next round.
  ///
  /// - Returns: how many tasks it has, perhaps 0; nil ends the pipeline.
  func prepareRound(_ context: WorkerContext) throws(SQLError) -> Int?

  func runTask(_ task: Int, _ context: WorkerContext) throws(SQLError)
}

/// One worker's end of a sink.
protocol SinkConsumer: BatchConsumer {
  /// Learns that all rows of a morsel have come; called where order counts.
  func endMorsel(_ morsel: Int) throws(SQLError)

  /// Hands what the worker has collected to the sink.
  func close() throws(SQLError)
}

extension SinkConsumer {
  func flush() throws(SQLError) {}

  func endMorsel(_ morsel: Int) throws(SQLError) {}
}
