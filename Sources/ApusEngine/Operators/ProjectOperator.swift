import ApusValues
import ApusVectors

/// Computes the columns of each output batch from those of the input.
final class ProjectOperator: StreamingOperator {
  let node: Int
  private let expressions: [any CompiledExpression]

  init(node: Int, expressions: [any CompiledExpression]) {
    self.node = node
    self.expressions = expressions
  }

  func makeConsumer(_ context: WorkerContext, output: any BatchConsumer) -> any BatchConsumer {
    Consumer(expressions, output: output)
  }

  private final class Consumer: BatchConsumer {
    private let expressions: [any CompiledExpression]
    private let output: any BatchConsumer

    init(_ expressions: [any CompiledExpression], output: any BatchConsumer) {
      self.expressions = expressions
      self.output = output
    }

    func consume(_ batch: Batch) throws(SQLError) -> Bool {
      try output.consume(
        Batch(columns: try expressions.evaluated(batch), rowCount: batch.rowCount)
      )
    }

    func flush() throws(SQLError) { try output.flush() }
  }
}

extension [any CompiledExpression] {
  /// Evaluates all expressions over all rows.
  ///
  /// - Throws: the first error of any row.
  func evaluated(_ batch: Batch) throws(SQLError) -> [ColumnVector] {
    var columns: [ColumnVector] = []
    columns.reserveCapacity(count)
    let rows = Selection.all(batch.rowCount)
    var errors = RowErrors()
    for expression in self {
      columns.append(try expression.evaluate(batch, rows: rows, errors: &errors))
      if !errors.isEmpty { try errors.raise() }
    }
    return columns
  }
}
