import ApusPlanner
import ApusValues
import ApusVectors

/// `CASE WHEN … THEN … ELSE … END`: each branch is evaluated only for the rows that come to it.
struct ConditionalExpression: CompiledExpression {
  struct Branch: Sendable {
    let condition: any CompiledExpression
    let result: any CompiledExpression
  }

  let type: SQLType
  let branches: [Branch]
  let otherwise: any CompiledExpression

  func evaluate(_ batch: Batch, rows: Selection, errors: inout RowErrors) throws(SQLError)
    -> ColumnVector
  {
    var remaining = rows
    var assembler: RowAssembler?
    for branch in branches {
      if remaining.isEmpty { break }
      var conditionErrors = RowErrors()
      let condition = try branch.condition.evaluate(
        batch,
        rows: remaining,
        errors: &conditionErrors
      )
      let chosen = remaining.intersection(whereTrue: condition)
      if !conditionErrors.isEmpty {
        // A row whose condition failed is NULL and done with.
        let failed = Set(conditionErrors.entries.map(\.row))
        remaining = remaining.filter { !failed.contains($0) }
        errors.append(conditionErrors)
        assembler = assembler ?? RowAssembler(type: type, count: batch.rowCount)
      }
      if chosen.isEmpty { continue }
      let result = try branch.result.evaluate(batch, rows: chosen, errors: &errors)
      // All rows that are left, and none went elsewhere before: the branch's vector is the result.
      if assembler == nil, chosen.count == remaining.count { return result }
      let target = assembler ?? RowAssembler(type: type, count: batch.rowCount)
      target.copy(result, rows: chosen)
      assembler = target
      remaining = remaining.subtracting(chosen)
    }
    guard let assembler else { return try otherwise.evaluate(batch, rows: rows, errors: &errors) }
    if !remaining.isEmpty {
      let result = try otherwise.evaluate(batch, rows: remaining, errors: &errors)
      assembler.copy(result, rows: remaining)
    }
    return assembler.finish()
  }
}

extension Selection {
  /// Returns the rows of this selection that are not in `other`, which is a part of it.
  func subtracting(_ other: Selection) -> Selection {
    guard let taken = other.indices else { return Selection(rowCount: rowCount, indices: []) }
    var position = 0
    return filter { row in
      if position < taken.count, Int(taken[position]) == row {
        position += 1
        return false
      }
      return true
    }
  }
}
