import ApusPlanner
import ApusValues
import ApusVectors
import Synchronization

/// A table in memory whose cursors share its batches and hand them out in all encodings.
struct TestTable: Table {
  var schema: Schema
  var columns: [[Value]]
  /// A column that is read only from this row on, if any, fails.
  var failingRow: Int?

  init(_ types: [SQLType], rows: [[Value]], failingRow: Int? = nil) {
    schema = Schema(types.enumerated().map { Field(name: "c\($0.offset)", type: $0.element) })
    columns = types.indices.map { column in rows.map { $0[column] } }
    rowCount = rows.count
    self.failingRow = failingRow
  }

  var rowCount: Int

  func statistics(for domains: [Int: ColumnDomain]) -> TableStatistics {
    TableStatistics(rowCount: rowCount)
  }

  /// Learns of every scan.
  var onScan: (@Sendable (ScanRequest) -> Void)?

  func scan(_ request: ScanRequest) throws(SQLError) -> any TableScan {
    onScan?(request)
    return TestScan(table: self, request: request)
  }
}

final class TestScan: TableScan {
  let table: TestTable
  let request: ScanRequest
  let next = Atomic<Int>(0)

  init(table: TestTable, request: ScanRequest) {
    self.table = table
    self.request = request
  }

  var metrics: ScanMetrics {
    var metrics = ScanMetrics()
    metrics.rowGroupsRead = min(next.load(ordering: .relaxed), table.rowCount)
    return metrics
  }

  func makeCursor() throws(SQLError) -> any BatchCursor { TestCursor(self) }
}

final class TestCursor: BatchCursor {
  let scan: TestScan

  init(_ scan: TestScan) { self.scan = scan }

  func next() throws(SQLError) -> Batch? {
    let capacity = scan.request.batchCapacity
    let morsel = scan.next.add(1, ordering: .relaxed).oldValue
    let start = morsel * capacity
    guard start < scan.table.rowCount else { return nil }
    let end = min(start + capacity, scan.table.rowCount)
    if let failing = scan.table.failingRow, failing < end {
      throw SQLError(.genericInternalError, "the test table fails at row \(failing)")
    }
    let columns = scan.request.columns.enumerated().map { position, column in
      vector(
        Array(scan.table.columns[column][start..<end]),
        type: scan.table.schema.fields[column].type,
        encoding: morsel + position
      )
    }
    return Batch(columns: columns, rowCount: end - start)
  }

  /// Makes a vector in an encoding that changes from batch to batch.
  private func vector(_ values: [Value], type: SQLType, encoding: Int) -> ColumnVector {
    if encoding % 3 == 1, Set(values).count == 1 {
      return .constant(values[0], type: type, count: values.count)
    }
    if encoding % 3 == 2 {
      var positions: [Value: Int32] = [:]
      var distinct: [Value] = []
      let buffer = VectorBuffer(byteCount: values.count * 4)
      let indices = buffer.base.assumingMemoryBound(to: Int32.self)
      for (row, value) in values.enumerated() {
        let position = positions[value] ?? Int32(distinct.count)
        if positions[value] == nil {
          positions[value] = position
          distinct.append(value)
        }
        indices[row] = position
      }
      return ColumnVector(
        type: type,
        count: values.count,
        encoding: .dictionary,
        storage: flat(distinct, type: type).storage,
        indexBuffer: buffer
      )
    }
    return flat(values, type: type)
  }

  private func flat(_ values: [Value], type: SQLType) -> ColumnVector {
    let builder = VectorBuilder(type: type, capacity: values.count)
    for (row, value) in values.enumerated() { builder.set(row, value) }
    return builder.finish(count: values.count)
  }
}
