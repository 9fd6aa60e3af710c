package import ApusPlanner
package import ApusValues

/// What one query may use.
package struct ExecutionSettings: Sendable {
  /// Workers, at least 1.
  package var threadCount: Int
  /// Rows of a batch, at least 1.
  package var batchCapacity: Int
  /// Bytes that the query may hold.
  package var memoryLimit: Int
  /// What is refused besides, in tests.
  package var memoryRefusal = MemoryRefusal.none
  /// Where operators put what they may not hold, and how many bytes at a time.
  package var temporaryDirectory: String
  package var temporaryLimit: Int
  package var evaluation: EvaluationSettings

  package init(
    threadCount: Int,
    batchCapacity: Int,
    memoryLimit: Int,
    temporaryDirectory: String,
    temporaryLimit: Int = .max,
    evaluation: EvaluationSettings
  ) {
    self.threadCount = threadCount
    self.batchCapacity = batchCapacity
    self.memoryLimit = memoryLimit
    self.temporaryDirectory = temporaryDirectory
    self.temporaryLimit = temporaryLimit
    self.evaluation = evaluation
  }
}

/// Runs plans on threads of its own.
package final class QueryExecutor: Sendable {
  private let pool = WorkerPool()
  /// What all queries hold together.
  package let memory: MemoryPool

  /// - Parameter memoryLimit: bytes that all queries may hold together.
  package init(memoryLimit: Int) { memory = MemoryPool(limit: memoryLimit) }

  /// Starts a query; its rows are pulled from the run.
  ///
  /// Returns soon: tables are opened by the workers.
  ///
  /// - Throws: what compiling the plan's expressions throws; all else comes from `QueryRun.next`.
  package func execute(
    _ plan: LogicalPlan,
    library: FunctionLibrary,
    settings: ExecutionSettings,
    cancellation: CancellationToken = CancellationToken()
  ) throws(SQLError) -> QueryRun {
    let memory = MemoryPool(
      limit: settings.memoryLimit,
      refusal: settings.memoryRefusal,
      parent: self.memory
    )
    let planner = PhysicalPlanner(library: library, settings: settings, memory: memory)
    let physical = try planner.plan(plan)
    var execution: QueryExecution?
    _ = try pool.start(count: max(settings.threadCount, 1)) { workerCount in
      let started = QueryExecution(
        physical: physical,
        workerCount: workerCount,
        batchCapacity: max(settings.batchCapacity, 1),
        memory: memory,
        temporaryFile: TemporaryFile(
          directory: settings.temporaryDirectory,
          limit: settings.temporaryLimit
        ),
        cancellation: cancellation
      )
      execution = started
      return { worker in started.work(worker: worker) }
    }
    guard let execution else { throw .internal("a query without workers") }
    return QueryRun(
      columns: plan.output,
      execution: execution,
      results: physical.results,
      scans: physical.scans,
      cancellation: cancellation
    )
  }
}
