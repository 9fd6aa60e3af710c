package import ApusValues
package import ApusVectors

/// An expression ready to run over batches: columns are positions, functions are prepared.
///
/// Immutable and shared by all workers.
package protocol CompiledExpression: Sendable {
  var type: SQLType { get }

  /// Computes the value of each selected row.
  ///
  /// - Returns: a vector of `batch.rowCount` rows, row i for row i of the batch; rows that are not
  ///   selected hold defined memory that means nothing.
  /// - Throws: only what concerns the whole query (memory, an internal error); what concerns a row
  ///   goes into `errors`.
  func evaluate(_ batch: Batch, rows: Selection, errors: inout RowErrors) throws(SQLError)
    -> ColumnVector
}
