import ApusValues
import ApusVectors

/// Keeps the rows for which all conjuncts are true.
///
/// Conjuncts run in order, each only over the rows that those before it have left. Batches that
/// shrink to a fraction are joined before they go on, unless a limit above waits for few rows.
/// Where a scan below has run the conjuncts (see `ScanFilter`) none are left, and batches are joined.
final class FilterOperator: StreamingOperator {
  let node: Int
  private let conjuncts: [any CompiledExpression]
  /// The input columns that are put out.
  private let kept: [Int]
  private let joinsSmallBatches: Bool

  init(
    node: Int,
    conjuncts: [any CompiledExpression],
    kept: [Int],
    joinsSmallBatches: Bool
  ) {
    self.node = node
    self.conjuncts = conjuncts
    self.kept = kept
    self.joinsSmallBatches = joinsSmallBatches
  }

  func makeConsumer(_ context: WorkerContext, output: any BatchConsumer) -> any BatchConsumer {
    let target = joinsSmallBatches ? context.batchCapacity / 2 : 0
    return Consumer(self, output: BatchJoiner(output: output, target: target))
  }

  private final class Consumer: BatchConsumer {
    private let filter: FilterOperator
    private let output: BatchJoiner

    init(_ filter: FilterOperator, output: BatchJoiner) {
      self.filter = filter
      self.output = output
    }

    func consume(_ batch: Batch) throws(SQLError) -> Bool {
      var selection = Selection.all(batch.rowCount)
      for conjunct in filter.conjuncts {
        var errors = RowErrors()
        let result = try conjunct.evaluate(batch, rows: selection, errors: &errors)
        try errors.raise(for: selection)
        selection = selection.intersection(whereTrue: result)
        if selection.isEmpty { return true }
      }
      let kept = Batch(columns: filter.kept.map { batch.columns[$0] }, rowCount: batch.rowCount)
      return try output.consume(kept.select(selection))
    }

    func flush() throws(SQLError) { try output.flush() }
  }
}
