import ApusValues
import ApusVectors

/// The first term that is not NULL; a term is evaluated only where those before it are NULL.
struct CoalesceExpression: CompiledExpression {
  let type: SQLType
  let terms: [any CompiledExpression]

  func evaluate(_ batch: Batch, rows: Selection, errors: inout RowErrors) throws(SQLError)
    -> ColumnVector
  {
    var remaining = rows
    var assembler: RowAssembler?
    for term in terms {
      var termErrors = RowErrors()
      let value = try term.evaluate(batch, rows: remaining, errors: &termErrors)
      var missing = Selection(rowCount: remaining.rowCount, indices: [])
      if value.isNullConstant {
        missing = remaining
      } else if value.mayHaveNulls {
        missing = remaining.filter { value.isNull($0) }
      }
      if !termErrors.isEmpty {
        // A row that failed is NULL and done with.
        let failed = Set(termErrors.entries.map(\.row))
        missing = missing.filter { !failed.contains($0) }
        errors.append(termErrors)
      }
      if assembler == nil, missing.isEmpty { return value }
      let target = assembler ?? RowAssembler(type: type, count: batch.rowCount)
      target.copy(value, rows: remaining)
      assembler = target
      remaining = missing
      if remaining.isEmpty { break }
    }
    return assembler?.finish() ?? .nulls(type, count: batch.rowCount)
  }
}
