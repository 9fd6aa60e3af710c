import ApusCatalog
import ApusConnectors
import ApusEngine
import ApusPlanner
import ApusValues
import ApusVectors

/// A plan that writes, and the transaction that its rows go to.
struct PreparedWrite {
  var plan: LogicalPlan
  var target: FilesWriteTarget
  /// The table that the rows make, if they do.
  var newTable: TableDefinition?
  /// The table that they are added to; 0 for a new one.
  var tableID: Int64 = 0
  /// Whether the files belong to no table.
  var makesFilesOnly = false

  func commit() throws(SQLError) {
    if makesFilesOnly {
      try target.commitFiles()
    } else {
      try target.commit(making: newTable, orInTable: tableID)
    }
  }
}

extension StatementExecution {
  /// Runs a plan that writes, and commits what it has written.
  func write(_ prepared: PreparedWrite, _ kind: StatementKind) throws(SQLError) -> QueryResult {
    do throws(SQLError) {
      let run = try start(prepared.plan)
      let rowCount = try writtenRowCount(run)
      try prepared.commit()
      return try wrote(rowCount, kind, run.statistics)
    } catch {
      prepared.target.abort()
      throw error
    }
  }

  /// Runs a plan that writes to its end; no worker is at work any more when this returns or throws.
  func writtenRowCount(_ run: QueryRun) throws(SQLError) -> Int {
    defer { run.stop() }
    try cancellation.attach(run)
    var rowCount = 0
    do throws(SQLError) {
      while let batch = try run.next() {
        for row in 0..<batch.rowCount {
          if case .integer(let count) = batch.columns[0].value(row) { rowCount += Int(count) }
        }
      }
    } catch {
      try cancellation.check()
      throw error
    }
    try cancellation.check()
    return rowCount
  }

  /// Answers how many rows were written.
  func wrote(
    _ rowCount: Int,
    _ kind: StatementKind,
    _ statistics: QueryStatistics? = nil
  ) throws(SQLError) -> QueryResult {
    let schema = Schema([Field(name: "rows", type: .bigint)])
    return try QueryResult(
      schema: schema,
      kind: kind,
      updateCount: rowCount,
      statistics: statistics,
      source: FixedRows(schema, rows: [[.integer(Int64(rowCount))]]),
      // What has committed is no longer canceled.
      cancellation: QueryCancellation()
    )
  }
}
