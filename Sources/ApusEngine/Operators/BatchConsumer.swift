import ApusValues
import ApusVectors

// How rows flow.
//
//   source ──next()──▶ worker loop ──consume()──▶ filter ──consume()──▶ project ──…──▶ sink
//
// Each worker has its own chain of consumers, made from the operators of a pipeline, which are
// immutable and shared. A sink collects what all workers bring, turns it in rounds of parallel tasks
// into its result, and a later pipeline reads that through a source. Batches are pushed because an
// operator then is one plain call per batch with its state in one object.

/// What takes batches within one worker: an operator at work, or the end of a pipeline.
protocol BatchConsumer: AnyObject {
  /// Takes a batch of at least one row.
  ///
  /// - Returns: whether more is wanted; after false the source stops.
  func consume(_ batch: Batch) throws(SQLError) -> Bool

  /// Hands on what was held back: at the end of the source, and of each morsel if order counts.
  func flush() throws(SQLError)
}

/// Something done to batches on their way, described once and shared by all workers.
protocol StreamingOperator: Sendable {
  /// The plan node it belongs to, by position in pre-order.
  var node: Int { get }

  /// Makes what one worker runs.
  func makeConsumer(_ context: WorkerContext, output: any BatchConsumer) throws(SQLError)
    -> any BatchConsumer
}

/// What one worker and those who run on it share.
final class WorkerContext {
  let index: Int
  let workerCount: Int
  /// Rows of a batch.
  let batchCapacity: Int
  let memory: MemoryPool
  /// Where operators put what the pool refuses.
  let temporaryFile: TemporaryFile
  let cancellation: CancellationToken
  let profile: WorkerProfile
  /// By the nodes of joins that were spilled.
  private var joinTurns: [Int: SpilledJoinTurn] = [:]

  init(
    index: Int,
    workerCount: Int,
    batchCapacity: Int,
    memory: MemoryPool,
    temporaryFile: TemporaryFile,
    cancellation: CancellationToken,
    profile: WorkerProfile
  ) {
    self.index = index
    self.workerCount = workerCount
    self.batchCapacity = batchCapacity
    self.memory = memory
    self.temporaryFile = temporaryFile
    self.cancellation = cancellation
    self.profile = profile
  }

  /// Where the worker is in a spilled join.
  func joinTurn(ofNode node: Int) -> SpilledJoinTurn {
    if let turn = joinTurns[node] { return turn }
    let turn = SpilledJoinTurn()
    joinTurns[node] = turn
    return turn
  }

  /// The same worker as the only one: what treats a part by itself runs operators in it. Their peaks, of
  /// which there is one at a time, are not added to the node's.
  var alone: WorkerContext {
    WorkerContext(
      index: 0,
      workerCount: 1,
      batchCapacity: batchCapacity,
      memory: memory,
      temporaryFile: temporaryFile,
      cancellation: cancellation,
      profile: WorkerProfile(nodeCount: profile.operators.count)
    )
  }
}
