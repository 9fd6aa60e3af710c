import ApusEngine
import ApusPlanner
import ApusSyntax
import ApusValues

extension StatementExecution {
  /// Runs SELECT, WITH, VALUES and TABLE.
  func run(_ query: Query) throws(SQLError) -> QueryResult {
    let plan = try plan(query)
    return try QueryResult(
      schema: plan.schema,
      kind: .select,
      source: try start(plan),
      cancellation: cancellation
    )
  }

  /// Starts a plan on the engine's workers.
  func start(_ plan: LogicalPlan) throws(SQLError) -> QueryRun {
    var settings = ExecutionSettings(
      threadCount: properties.threadCount,
      batchCapacity: properties.batchCapacity,
      memoryLimit: properties.memoryLimit,
      temporaryDirectory: engine.configuration.usedTemporaryDirectory,
      evaluation: evaluation
    )
    settings.memoryRefusal = engine.configuration.memoryRefusal
    return try engine.executor.execute(plan, library: engine.functions, settings: settings)
  }
}

extension QueryRun: BatchSource {
  package var statistics: QueryStatistics { QueryStatistics(profile) }
}
