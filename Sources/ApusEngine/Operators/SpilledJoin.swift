import ApusValues
import ApusVectors
import Synchronization

// A join whose build side has no room (Kitsuregawa, Tanaka and Moto-oka: Application of hash to data
// base machine and its architecture, New Generation Computing 1, 1983, doi:10.1007/BF03037022):
//
//   right rows ──by hash of the key──▶ 0 │ 1 │ 2 │ …       first, by JoinBuildSink
//   left rows  ──by hash of the key──▶ 0 │ 1 │ 2 │ …       then, in place of the probe
//                                      ▼
//   a table of part 0 alone, probed with the left rows of part 0; then part 1, …     a stage of its own
//
// What comes behind the join in its pipeline follows in that stage, too.

/// Both sides of a join on disk.
final class SpilledJoin: Sendable {
  /// The kept columns of the right rows, then their keys.
  let build: SpilledPartitions
  private let buildTypes: [SQLType]
  /// The left rows, from the first one on.
  private let probes = Mutex<SpilledPartitions?>(nil)
  private let next = Atomic<Int>(0)

  init(_ file: TemporaryFile, types: [SQLType]) {
    build = SpilledPartitions(file, types: types, .joins)
    buildTypes = types
  }

  func makeBuildWriter(_ context: WorkerContext) -> PartitionedSpillWriter {
    PartitionedSpillWriter(build, context, types: buildTypes)
  }

  func makeProbeWriter(_ types: [SQLType], _ context: WorkerContext) -> PartitionedSpillWriter {
    let partitions = probes.withLock { probes in
      let partitions = probes ?? SpilledPartitions(context.temporaryFile, types: types, .joins)
      probes = partitions
      return partitions
    }
    return PartitionedSpillWriter(partitions, context, types: types)
  }

  /// The left rows of a part's partition; nil if there are none at all.
  func probes(of part: SpilledPart) -> SpilledRows? {
    probes.withLock { $0 }.map { $0[part.partition] }
  }

  /// Claims a partition for the calling worker.
  func nextPart() -> SpilledPart? {
    let partition = next.add(1, ordering: .relaxed).oldValue
    guard partition < SpillPartitioning.count else { return nil }
    return SpilledPart(partition: partition, partitioning: .joins)
  }
}

/// Spills left rows.
final class SpilledProbeConsumer: BatchConsumer {
  private let join: SpilledJoin
  private let keys: [any CompiledExpression]
  private let encoder: KeyEncoder
  private let context: WorkerContext
  private let output: any BatchConsumer
  private var writer: PartitionedSpillWriter?

  init(
    _ join: SpilledJoin,
    keys: [any CompiledExpression],
    _ layout: KeyLayout,
    _ context: WorkerContext,
    output: any BatchConsumer
  ) {
    self.join = join
    self.keys = keys
    encoder = KeyEncoder(layout)
    self.context = context
    self.output = output
  }

  func consume(_ batch: Batch) throws(SQLError) -> Bool {
    let vectors = try keys.evaluated(batch)
    encoder.encode(vectors, rowCount: batch.rowCount)
    let writer =
      self.writer ?? join.makeProbeWriter(batch.columns.map(\.type), context)
    self.writer = writer
    try writer.append(batch, hashes: encoder.hashes)
    return true
  }

  func flush() throws(SQLError) {
    try writer?.flush()
    try output.flush()
  }
}

/// The part of a spilled join that a worker is at, shared by what reads its left rows and what probes
/// with them.
final class SpilledJoinTurn {
  fileprivate(set) var build: JoinBuildSink?
  /// Whether what comes are build rows to put out as they are, and no left rows.
  fileprivate(set) var putsOutBuild = false
  /// What probes, which keeps the part's table.
  fileprivate weak var prober: SpilledJoinOperator.Consumer?

  /// Lets go of the part.
  fileprivate func end() throws(SQLError) {
    putsOutBuild = false
    build = nil
    try prober?.endPart()
  }
}

/// Reads the left rows of a spilled join part by part, each once there is a table of the part's right
/// rows; then the right rows that are put out by themselves.
final class SpilledJoinSource: BatchSource {
  private let probe: HashJoinProbeOperator

  init(_ probe: HashJoinProbeOperator) { self.probe = probe }

  var node: Int { probe.node }

  var isIdle: Bool { probe.build.spilled == nil }

  func makeReader(_ context: WorkerContext) throws(SQLError) -> any BatchReader {
    guard let join = probe.build.spilled else {
      throw .internal("a join was read back that was not spilled")
    }
    return Reader(probe, join, context)
  }

  private final class Reader: BatchReader {
    private let probe: HashJoinProbeOperator
    private let join: SpilledJoin
    private let context: WorkerContext
    private let turn: SpilledJoinTurn
    private let encoder: KeyEncoder
    /// Parts to do before new ones are claimed.
    private var pending: [SpilledPart] = []
    private var part: SpilledPart?
    private var leftRows: SpilledRowsReader?
    private var rightRows: (any BatchReader)?

    init(_ probe: HashJoinProbeOperator, _ join: SpilledJoin, _ context: WorkerContext) {
      self.probe = probe
      self.join = join
      self.context = context
      turn = context.joinTurn(ofNode: probe.node)
      encoder = KeyEncoder(probe.build.keyLayout)
    }

    func next() throws(SQLError) -> SourceBatch? {
      while true {
        if let part, let leftRows {
          if let batch = try leftRows.nextBatch() {
            return SourceBatch(batch: try rows(of: part, in: batch), morsel: 0)
          }
          self.leftRows = nil
          if probe.shape.tracksRight, let build = turn.build {
            rightRows = BuildRowsSource(node: probe.node, build: build, shape: probe.shape)
              .makeReader(context)
            turn.putsOutBuild = true
          }
        }
        if let batch = try rightRows?.next() { return batch }
        rightRows = nil
        try turn.end()
        guard let part = pending.popLast() ?? join.nextPart() else { return nil }
        do {
          try begin(part)
        } catch  where error.code == .exceededLocalMemoryLimit && !part.halves.isEmpty {
          pending.append(contentsOf: part.halves)
        }
      }
    }

    private func begin(_ part: SpilledPart) throws(SQLError) {
      let left = join.probes(of: part)
      let right = join.build[part.partition]
      if left?.isEmpty ?? true, !probe.shape.tracksRight || right.isEmpty { return }
      if right.isEmpty, probe.shape.needsRight { return }
      let build = try makeBuild(right, part)
      if build.rowCount == 0, probe.shape.needsRight { return }
      turn.build = build
      self.part = part
      leftRows = (left ?? SpilledRows(context.temporaryFile, types: []))
        .makeReader(batchCapacity: context.batchCapacity)
    }

    /// Makes the table of a part's right rows.
    private func makeBuild(_ rows: SpilledRows, _ part: SpilledPart) throws(SQLError)
      -> JoinBuildSink
    {
      let context = context.alone
      let build = probe.build.part()
      let consumer = build.makeConsumer(context)
      let reader = rows.makeReader(batchCapacity: context.batchCapacity)
      let keyCount = probe.build.keyLayout.columns.count
      while let batch = try reader.nextBatch() {
        try context.cancellation.check()
        let wanted = select(part, batch) { Array(batch.columns.suffix(keyCount)) }
        if wanted.rowCount > 0 { _ = try consumer.consume(wanted) }
      }
      try consumer.close()
      while let count = try build.prepareRound(context) {
        for task in 0..<count { try build.runTask(task, context) }
      }
      build.knowOfAll(probe.build)
      return build
    }

    private func rows(of part: SpilledPart, in batch: Batch) throws(SQLError) -> Batch {
      if part.isWhole { return batch }
      let keys = try probe.keys.evaluated(batch)
      return select(part, batch) { keys }
    }

    private func select(_ part: SpilledPart, _ batch: Batch, keys: () -> [ColumnVector]) -> Batch {
      if part.isWhole { return batch }
      encoder.encode(keys(), rowCount: batch.rowCount)
      return batch.select(part.rows(encoder.hashes, rowCount: batch.rowCount))
    }
  }
}

/// Probes the table of the part that the worker is at.
final class SpilledJoinOperator: StreamingOperator {
  private let probe: HashJoinProbeOperator

  init(_ probe: HashJoinProbeOperator) { self.probe = probe }

  var node: Int { probe.node }

  func makeConsumer(_ context: WorkerContext, output: any BatchConsumer) -> any BatchConsumer {
    Consumer(probe, context, output: output)
  }

  fileprivate final class Consumer: BatchConsumer {
    private let probe: HashJoinProbeOperator
    private let context: WorkerContext
    private let turn: SpilledJoinTurn
    private let output: any BatchConsumer
    private var consumer: (any BatchConsumer)?

    init(
      _ probe: HashJoinProbeOperator,
      _ context: WorkerContext,
      output: any BatchConsumer
    ) {
      self.probe = probe
      self.context = context
      turn = context.joinTurn(ofNode: probe.node)
      self.output = output
      turn.prober = self
    }

    func consume(_ batch: Batch) throws(SQLError) -> Bool {
      if turn.putsOutBuild { return try output.consume(batch) }
      guard let build = turn.build else { return true }
      if consumer == nil {
        consumer = try probe.makeConsumer(of: build, context, output: output)
      }
      return try consumer?.consume(batch) ?? true
    }

    func endPart() throws(SQLError) {
      try consumer?.flush()
      consumer = nil
    }

    func flush() throws(SQLError) {
      try endPart()
      try output.flush()
    }
  }
}
