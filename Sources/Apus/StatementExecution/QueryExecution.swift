import ApusEngine
import ApusPlanner
import ApusSyntax
import ApusValues
import Glibc

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
    let settings = ExecutionSettings(
      threadCount: properties.threadCount,
      batchCapacity: properties.batchCapacity,
      memoryLimit: properties.memoryLimit,
      evaluation: EvaluationSettings(
        startMicroseconds: microsecondsSinceEpoch(),
        user: engine.configuration.user
      )
    )
    return try engine.executor.execute(plan, library: engine.functions, settings: settings)
  }
}

extension QueryRun: BatchSource {
  package var statistics: QueryStatistics { QueryStatistics(profile) }
}

/// The time now, in microseconds since 1970-01-01 00:00 UTC.
private func microsecondsSinceEpoch() -> Int64 {
  var now = timespec()
  clock_gettime(CLOCK_REALTIME, &now)
  return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
}
