import ApusValues
import ApusVectors
import Synchronization

/// The state that the workers of one query share, and what each of them does.
///
/// Safety: `pipelines`, `taskCount` and `finishedRuns` change only inside barriers, while all other
/// workers wait there.
final class QueryExecution: @unchecked Sendable {
  private struct Outcome {
    var error: SQLError?
    var profile: QueryProfile
  }

  private var pipelines: [Pipeline?]
  private let results: ResultQueue
  private let workerCount: Int
  private let batchCapacity: Int
  private let memory: MemoryPool
  private let temporaryFile: TemporaryFile
  private let cancellation: CancellationToken
  private let barrier: Barrier
  private let outcome: Mutex<Outcome>
  private let hasFailed = Atomic<Bool>(false)
  private let nextTask = Atomic<Int>(0)
  private var taskCount: Int?
  private let nodeCount: Int
  private let start = WorkerProfile.now()

  init(
    physical: PhysicalPlan,
    workerCount: Int,
    batchCapacity: Int,
    memory: MemoryPool,
    temporaryFile: TemporaryFile,
    cancellation: CancellationToken
  ) {
    pipelines = physical.pipelines
    results = physical.results
    nodeCount = physical.nodeCount
    self.workerCount = workerCount
    self.batchCapacity = batchCapacity
    self.memory = memory
    self.temporaryFile = temporaryFile
    self.cancellation = cancellation
    barrier = Barrier(participantCount: workerCount)
    outcome = Mutex(Outcome(profile: QueryProfile(nodeCount: physical.nodeCount)))
  }

  /// What was done so far.
  var profile: QueryProfile {
    var profile = outcome.withLock { $0.profile }
    profile.workerCount = workerCount
    profile.peakByteCount = memory.peakByteCount
    profile.spilledByteCount = temporaryFile.writtenByteCount
    if profile.wallNanoseconds == 0 { profile.wallNanoseconds = WorkerProfile.now() - start }
    return profile
  }

  /// Runs one worker's part of all pipelines; every worker of the query must call it.
  func work(worker: Int) {
    let context = WorkerContext(
      index: worker,
      workerCount: workerCount,
      batchCapacity: batchCapacity,
      memory: memory,
      temporaryFile: temporaryFile,
      cancellation: cancellation,
      profile: WorkerProfile(nodeCount: nodeCount)
    )
    let startTime = WorkerProfile.threadTime()
    var index = 0
    while index < pipelines.count {
      if let pipeline = pipelines[index] {
        run(pipeline, context)
        collect(context)
        // Releases what only this pipeline held, such as a join's build side.
        barrier.wait {
          pipelines[index] = nil
          guard let continuation = pipeline.continuation else { return }
          attempt { () throws(SQLError) in
            pipelines.insert(contentsOf: try continuation.makePipelines(), at: index + 1)
          }
        }
      }
      index += 1
    }
    let processorTime = WorkerProfile.threadTime() - startTime
    outcome.withLock { $0.profile.cpuNanoseconds += processorTime }
    barrier.wait { close() }
  }

  private func run(_ pipeline: Pipeline, _ context: WorkerContext) {
    let takesPart = context.index == 0 || !pipeline.isSequential
    var consumer: (any SinkConsumer)?
    for (number, branches) in pipeline.stages.enumerated() {
      let stage = branches.filter { !$0.source.isIdle }
      if number > 0 {
        if stage.isEmpty { continue }
        barrier.wait()
      }
      guard takesPart else { continue }
      attempt { () throws(SQLError) in
        let sinkConsumer: any SinkConsumer
        if let consumer {
          sinkConsumer = consumer
        } else {
          sinkConsumer = try pipeline.sink.makeConsumer(context)
          consumer = sinkConsumer
        }
        // Workers begin at different branches, so that they meet late.
        for offset in stage.indices {
          let branch = stage[(context.index + offset) % stage.count]
          try run(branch, of: pipeline, into: sinkConsumer, context)
        }
      }
    }
    attempt { () throws(SQLError) in
      context.profile.enter(pipeline.sink.node)
      try consumer?.close()
    }
    context.profile.enter(nil)
    consumer = nil
    runRounds(of: pipeline.sink, context)
  }

  private func run(
    _ branch: Pipeline.Branch,
    of pipeline: Pipeline,
    into sinkConsumer: any SinkConsumer,
    _ context: WorkerContext
  ) throws(SQLError) {
    let profile = context.profile
    defer { profile.enter(nil) }
    var next: any BatchConsumer = sinkConsumer
    var nextNode = pipeline.sink.node
    for step in branch.operators.reversed() {
      let output = ProfilingConsumer(profile, from: step.node, to: nextNode, output: next)
      next = try step.makeConsumer(context, output: output)
      nextNode = step.node
    }
    // What a node reads back of its own input has been counted before.
    let readsBack = branch.operators.first?.node == branch.source.node
    let first =
      readsBack
      ? next
      : ProfilingConsumer(profile, from: branch.source.node, to: nextNode, output: next)
    profile.enter(branch.source.node)
    let reader = try branch.source.makeReader(context)
    var morsel: Int?
    while !hasFailed.load(ordering: .relaxed), !branch.isSatisfied.isSet {
      try cancellation.check()
      guard let read = try reader.next() else { break }
      if pipeline.isOrdered, let finished = morsel, finished != read.morsel {
        try first.flush()
        try sinkConsumer.endMorsel(finished)
      }
      morsel = read.morsel
      if read.batch.rowCount == 0 { continue }
      if try !first.consume(read.batch) { branch.isSatisfied.set() }
    }
    guard !hasFailed.load(ordering: .relaxed) else { return }
    try first.flush()
    if pipeline.isOrdered, let morsel { try sinkConsumer.endMorsel(morsel) }
  }

  private func runRounds(of sink: any BatchSink, _ context: WorkerContext) {
    while true {
      barrier.wait {
        taskCount = nil
        nextTask.store(0, ordering: .relaxed)
        context.profile.enter(sink.node)
        attempt { () throws(SQLError) in taskCount = try sink.prepareRound(context) }
        context.profile.enter(nil)
      }
      guard let taskCount else { return }
      context.profile.enter(sink.node)
      attempt { () throws(SQLError) in
        while !hasFailed.load(ordering: .relaxed) {
          let task = nextTask.add(1, ordering: .relaxed).oldValue
          guard task < taskCount else { break }
          try cancellation.check()
          try sink.runTask(task, context)
        }
      }
      context.profile.enter(nil)
    }
  }

  /// Runs a step of the query unless it has failed; a failure stops all workers.
  private func attempt(_ step: () throws(SQLError) -> Void) {
    if hasFailed.load(ordering: .relaxed) { return }
    do {
      try cancellation.check()
      try step()
    } catch {
      outcome.withLock { if $0.error == nil { $0.error = error } }
      hasFailed.store(true, ordering: .relaxed)
    }
  }

  private func collect(_ context: WorkerContext) {
    outcome.withLock { context.profile.drain(into: &$0.profile) }
  }

  /// Ends the run, once all workers are through.
  private func close() {
    let error = outcome.withLock { outcome in
      outcome.profile.wallNanoseconds = WorkerProfile.now() - start
      return outcome.error
    }
    results.close(error)
  }
}
