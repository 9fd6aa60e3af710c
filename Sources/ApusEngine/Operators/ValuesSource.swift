import ApusValues
import ApusVectors
import Synchronization

/// Puts out rows of constant expressions, all by one worker so that they come as written.
final class ValuesSource: BatchSource {
  let node: Int
  private let types: [SQLType]
  private let rows: [[any CompiledExpression]]
  private let isTaken = Atomic<Bool>(false)

  init(node: Int, types: [SQLType], rows: [[any CompiledExpression]]) {
    self.node = node
    self.types = types
    self.rows = rows
  }

  func makeReader(_ context: WorkerContext) -> any BatchReader {
    let isFirst = !isTaken.exchange(true, ordering: .relaxed)
    return Reader(types: types, rows: isFirst ? rows[...] : [], capacity: context.batchCapacity)
  }

  private final class Reader: BatchReader {
    private let types: [SQLType]
    private var rows: ArraySlice<[any CompiledExpression]>
    private let capacity: Int

    init(types: [SQLType], rows: ArraySlice<[any CompiledExpression]>, capacity: Int) {
      self.types = types
      self.rows = rows
      self.capacity = capacity
    }

    func next() throws(SQLError) -> SourceBatch? {
      guard !rows.isEmpty else { return nil }
      let taken = rows.prefix(capacity)
      rows = rows.dropFirst(taken.count)
      var columns: [ColumnVector] = []
      for (column, type) in types.enumerated() {
        let builder = VectorBuilder(type: type, capacity: taken.count)
        for (position, row) in taken.enumerated() {
          builder.set(position, try value(row[column]))
        }
        columns.append(builder.finish(count: taken.count))
      }
      return SourceBatch(batch: Batch(columns: columns, rowCount: taken.count), morsel: 0)
    }

    private func value(_ expression: any CompiledExpression) throws(SQLError) -> Value {
      var errors = RowErrors()
      let oneRow = Batch(columns: [], rowCount: 1)
      let vector = try expression.evaluate(oneRow, rows: .all(1), errors: &errors)
      try errors.raise()
      return vector.value(0)
    }
  }
}
