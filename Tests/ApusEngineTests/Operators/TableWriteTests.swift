import ApusEngine
import ApusPlanner
import ApusValues
import ApusVectors
import Synchronization
import Testing

/// A target in memory that may fail at any of its calls and says what it was asked to do.
final class MemoryTarget: TableWriteTarget {
  struct Failure: Sendable {
    enum Call: Sendable { case make, append, finish }
    var call: Call
    /// Which of these calls fails, from 0.
    var number: Int
  }

  struct Record: Sendable {
    var writers = 0
    var appends = 0
    var finishes = 0
    var appendsAfterFinish = 0
    var finishesAfterFailure = 0
    var hasFailed = false
    /// Rows of finished writers.
    var rows: [[[Value]]] = []
    var abandoned = 0
  }

  let description = "memory"
  let failure: Failure?
  /// Called with each append's number, before it does anything.
  let onAppend: (@Sendable (Int) -> Void)?
  let bufferedByteCount: Int
  private let state = Mutex(Record())

  init(
    failure: Failure? = nil,
    bufferedByteCount: Int = 0,
    onAppend: (@Sendable (Int) -> Void)? = nil
  ) {
    self.failure = failure
    self.bufferedByteCount = bufferedByteCount
    self.onAppend = onAppend
  }

  var record: Record { state.withLock { $0 } }

  func makeWriter() throws(SQLError) -> any TableWriter {
    try note(.make) { record in
      defer { record.writers += 1 }
      return record.writers
    }
    return Writer(self)
  }

  /// Counts a call and fails if it is the one that has to.
  private func note(_ call: Failure.Call, _ count: (inout Record) -> Int) throws(SQLError) {
    try state.withLock { record throws(SQLError) in
      let number = count(&record)
      if let failure, failure.call == call, failure.number == number {
        record.hasFailed = true
        throw SQLError(.hiveWriterDataError, "\(call) \(number) fails")
      }
    }
  }

  final class Writer: TableWriter {
    private let target: MemoryTarget
    private var rows: [[Value]] = []
    private var isFinished = false

    init(_ target: MemoryTarget) { self.target = target }

    deinit {
      if !isFinished { target.state.withLock { $0.abandoned += 1 } }
    }

    var bufferedByteCount: Int { target.bufferedByteCount }

    func append(_ batch: Batch) throws(SQLError) {
      try target.note(.append) { record in
        defer { record.appends += 1 }
        if record.finishes > 0 { record.appendsAfterFinish += 1 }
        target.onAppend?(record.appends)
        return record.appends
      }
      for row in 0..<batch.rowCount { rows.append(batch.columns.map { $0.value(row) }) }
    }

    func finish() throws(SQLError) {
      try target.note(.finish) { record in
        defer { record.finishes += 1 }
        if record.hasFailed { record.finishesAfterFailure += 1 }
        return record.finishes
      }
      isFinished = true
      target.state.withLock { $0.rows.append(rows) }
    }
  }
}

/// Writes to tables: all rows arrive once, and a failure finishes nothing more.
struct TableWriteTests {
  private func plan(_ input: LogicalPlan, to target: MemoryTarget, _ maker: inout PlanMaker)
    -> LogicalPlan
  {
    .tableWrite(
      TableWrite(
        input: input,
        target: target,
        columns: input.output,
        rowCount: maker.column(.bigint)
      )
    )
  }

  @Test(arguments: RunShape.all + [RunShape(workers: 8, capacity: 10)])
  func writesAllRowsOnce(_ shape: RunShape) throws {
    var maker = PlanMaker()
    let input = randomRows([.bigint, .text, .double], count: 3000, distinct: 500, seed: 1)
    let scan = maker.scan([.bigint, .text, .double], input)
    let target = MemoryTarget()
    #expect(try rows(of: plan(scan, to: target, &maker), shape) == integers([3000]))
    let record = target.record
    #expect(sorted(record.rows.flatMap { $0 }) == sorted(input))
    #expect((1...shape.workers).contains(record.writers))
    #expect(record.finishes == record.writers)
    #expect(record.appendsAfterFinish == 0)
    #expect(record.abandoned == 0)
  }

  @Test(arguments: [1, 8])
  func writesTheColumnsInTheOrderOfTheTarget(workers: Int) throws {
    var maker = PlanMaker()
    let scan = maker.scan([.bigint, .text], [[.integer(1), .text("a")], [.integer(2), .null]])
    let target = MemoryTarget()
    let write = LogicalPlan.tableWrite(
      TableWrite(
        input: scan,
        target: target,
        columns: [scan.output[1], scan.output[0], scan.output[1]],
        rowCount: maker.column(.bigint)
      )
    )
    #expect(try rows(of: write, RunShape(workers: workers, capacity: 10)) == integers([2]))
    #expect(
      target.record.rows == [
        [[.text("a"), .integer(1), .text("a")], [.null, .integer(2), .null]]
      ]
    )
  }

  @Test(arguments: [1, 8])
  func noRowsAreNoWriters(workers: Int) throws {
    var maker = PlanMaker()
    let scan = maker.scan([.bigint], integers(0..<100))
    let nothing = LogicalPlan.filter(
      Filter(input: scan, predicate: .compare(.less, scan[0], .bigint(0)))
    )
    let target = MemoryTarget()
    let write = plan(nothing, to: target, &maker)
    #expect(try rows(of: write, RunShape(workers: workers, capacity: 10)) == integers([0]))
    #expect(target.record.writers == 0)
  }

  @Test(arguments: [1, 4])
  func keepsAnOrderWithinEachWriter(workers: Int) throws {
    var maker = PlanMaker()
    let scan = maker.scan([.bigint], integers((0..<2000).reversed()))
    let sort = LogicalPlan.sort(
      Sort(input: scan, keys: [SortKey(scan[0], isAscending: true, nullsFirst: false)])
    )
    let target = MemoryTarget()
    let write = plan(sort, to: target, &maker)
    #expect(try rows(of: write, RunShape(workers: workers, capacity: 10)) == integers([2000]))
    for rows in target.record.rows {
      #expect(zip(rows, rows.dropFirst()).allSatisfy { Value.compare($0[0], $1[0]) < 0 })
    }
  }

  @Test(arguments: [1, 8])
  func failsWhereTheTargetFails(workers: Int) throws {
    let shape = RunShape(workers: workers, capacity: 10)
    let calls: [(MemoryTarget.Failure.Call, Int)] =
      [(.make, 0), (.finish, 0)] + [0, 1, 17, 99].map { (.append, $0) }
    for (call, number) in calls {
      var maker = PlanMaker()
      let scan = maker.scan([.bigint], integers(0..<1000))
      let target = MemoryTarget(failure: .init(call: call, number: number))
      var thrown: SQLError?
      var result: [[Value]] = []
      do throws(SQLError) {
        result = try rows(of: plan(scan, to: target, &maker), shape)
      } catch { thrown = error }
      #expect(thrown?.message == "\(call) \(number) fails")
      #expect(result.isEmpty)
      let record = target.record
      if call != .finish { #expect(record.finishes == 0) }
      // Others may be under way when one fails, but one worker stops at once.
      if workers == 1 { #expect(record.finishesAfterFailure == 0) }
    }
  }

  @Test(arguments: [1, 8])
  func failsWhereTheInputFails(workers: Int) throws {
    var maker = PlanMaker()
    let scan = maker.scan([.bigint], integers(0..<1000) + integers([-1]))
    let column = maker.column(.bigint)
    let project = LogicalPlan.project(
      Project(input: scan, assignments: [.init(column: column, expression: .check(scan[0]))])
    )
    let target = MemoryTarget()
    var thrown: SQLError?
    do throws(SQLError) {
      _ = try rows(
        of: plan(project, to: target, &maker),
        RunShape(workers: workers, capacity: 10)
      )
    } catch { thrown = error }
    #expect(thrown?.code == .invalidFunctionArgument)
    #expect(target.record.finishes == 0)
  }

  @Test(arguments: [1, 8])
  func finishesNothingOnceCancelled(workers: Int) throws {
    var maker = PlanMaker()
    let cancellation = CancellationToken()
    let scan = maker.scan([.bigint], integers(0..<1000))
    // The last of all batches cancels: what is left is to finish.
    let target = MemoryTarget { if $0 == 99 { cancellation.cancel() } }
    let run = try start(
      plan(scan, to: target, &maker),
      RunShape(workers: workers, capacity: 10),
      cancellation: cancellation
    )
    var thrown: SQLError?
    do throws(SQLError) { _ = try rows(of: run) } catch { thrown = error }
    #expect(thrown?.code == .userCanceled)
    #expect(target.record.finishes == 0)
  }

  @Test
  func chargesWhatWritersHold() throws {
    var maker = PlanMaker()
    let scan = maker.scan([.bigint], integers(0..<1000))
    let target = MemoryTarget(bufferedByteCount: 2 << 20)
    var thrown: SQLError?
    do throws(SQLError) {
      _ = try rows(of: plan(scan, to: target, &maker), memoryLimit: 1 << 20)
    } catch { thrown = error }
    #expect(thrown?.code == .exceededLocalMemoryLimit)
    #expect(target.record.finishes == 0)
    let run = try start(plan(scan, to: target, &maker), memoryLimit: 1 << 30)
    #expect(try rows(of: run) == integers([1000]))
    #expect(run.profile.peakByteCount >= 2 << 20)
  }
}
