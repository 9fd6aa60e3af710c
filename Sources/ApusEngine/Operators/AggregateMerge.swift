import ApusValues

/// Makes results of the states of all workers, in rounds of tasks.
protocol AggregateMerge: AnyObject {
  /// Prepares the next round while no task runs.
  ///
  /// - Returns: how many tasks it has; nil if all is merged.
  func prepareRound(_ context: WorkerContext) throws(SQLError) -> Int?

  func runTask(_ task: Int, _ context: WorkerContext) throws(SQLError)

  /// All groups, each in one state, when no round is left.
  var results: [AggregateState] { get }
}
