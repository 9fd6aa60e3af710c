import ApusEngine
import ApusPlanner
import ApusValues
import ApusVectors
import Testing

/// How a plan is run in a test.
struct RunShape: Sendable, CustomTestStringConvertible {
  var workers: Int
  var capacity: Int

  static let all = [(1, 1), (4, 1), (4, 2), (1, 1000), (4, 1000)].map {
    RunShape(workers: $0.0, capacity: $0.1)
  }

  var testDescription: String { "\(workers) workers, batches of \(capacity)" }
}

/// Makes plans with fresh columns.
struct PlanMaker {
  var allocator = ColumnAllocator()

  mutating func scan(_ table: TestTable) -> LogicalPlan {
    let output = table.schema.fields.map { allocator.makeColumn($0.name, $0.type) }
    return .scan(
      Scan(table: table, name: "t", output: output, sourceIndices: Array(output.indices))
    )
  }

  mutating func scan(_ types: [SQLType], _ rows: [[Value]]) -> LogicalPlan {
    scan(TestTable(types, rows: rows))
  }

  mutating func column(_ type: SQLType) -> PlanColumn { allocator.makeColumn("x", type) }
}

extension Expression {
  static func bigint(_ value: Int64) -> Expression {
    .literal(Literal(.integer(value), .bigint))
  }

  static func compare(_ op: Comparison.Operator, _ left: Expression, _ right: Expression)
    -> Expression
  { .comparison(Comparison(op, left, right)) }
}

extension LogicalPlan {
  /// The column at a position of the output, as an expression.
  subscript(_ position: Int) -> Expression { .column(output[position]) }
}

let testSettings = EvaluationSettings(startMicroseconds: 0, user: "test")

/// Starts a plan.
func start(
  _ plan: LogicalPlan,
  _ shape: RunShape = RunShape(workers: 2, capacity: 1000),
  memoryLimit: Int = 1 << 30,
  refusal: MemoryRefusal = .none,
  temporaryDirectory: String = temporaryDirectory,
  temporaryLimit: Int = .max,
  executor: QueryExecutor = testExecutor,
  cancellation: CancellationToken = CancellationToken()
) throws(SQLError) -> QueryRun {
  var settings = ExecutionSettings(
    threadCount: shape.workers,
    batchCapacity: shape.capacity,
    memoryLimit: memoryLimit,
    temporaryDirectory: temporaryDirectory,
    temporaryLimit: temporaryLimit,
    evaluation: testSettings
  )
  settings.memoryRefusal = refusal
  return try executor.execute(
    plan,
    library: testLibrary,
    settings: settings,
    cancellation: cancellation
  )
}

let testExecutor = QueryExecutor(memoryLimit: .max)

let temporaryDirectory = "/var/tmp"

/// Runs a plan to its end and returns its rows as they come.
func rows(
  of plan: LogicalPlan,
  _ shape: RunShape = RunShape(workers: 2, capacity: 1000),
  memoryLimit: Int = 1 << 30
) throws(SQLError) -> [[Value]] {
  let run = try start(plan, shape, memoryLimit: memoryLimit)
  return try rows(of: run)
}

/// Pulls all rows of a run.
func rows(of run: QueryRun) throws(SQLError) -> [[Value]] {
  var rows: [[Value]] = []
  while let batch = try run.next() {
    #expect(batch.rowCount > 0)
    #expect(batch.columns.count == run.columns.count)
    for row in 0..<batch.rowCount { rows.append(batch.columns.map { $0.value(row) }) }
  }
  return rows
}

/// Rows in an order of their own, to compare results that have none.
func sorted(_ rows: [[Value]]) -> [[Value]] {
  rows.map { (row: $0, text: key($0)) }.sorted { $0.text < $1.text }.map(\.row)
}

/// Rows of one bigint column.
func integers(_ values: some Sequence<Int>) -> [[Value]] { values.map { [.integer(Int64($0))] } }
