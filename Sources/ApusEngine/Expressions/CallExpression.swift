import ApusPlanner
import ApusValues
import ApusVectors

/// A call of a scalar function.
struct CallExpression: CompiledExpression {
  let type: SQLType
  private let evaluator: any ScalarEvaluator
  private let arguments: [any CompiledExpression]
  /// The only argument that is not constant, of a function that always gives the same for it.
  private let soleVariable: Int?
  private let memo = DictionaryMemo()

  init(
    _ function: BoundFunction,
    evaluator: any ScalarEvaluator,
    arguments: [any CompiledExpression],
    isDeterministic: Bool
  ) {
    type = function.returnType
    self.evaluator = evaluator
    self.arguments = arguments
    let variables = arguments.indices.filter { !(arguments[$0] is ConstantExpression) }
    soleVariable = isDeterministic && variables.count == 1 ? variables[0] : nil
  }

  func evaluate(_ batch: Batch, rows: Selection, errors: inout RowErrors) throws(SQLError)
    -> ColumnVector
  {
    var vectors: [ColumnVector] = []
    vectors.reserveCapacity(arguments.count)
    for argument in arguments {
      vectors.append(try argument.evaluate(batch, rows: rows, errors: &errors))
    }
    if let soleVariable, vectors[soleVariable].encoding == .dictionary {
      return try memo.map(vectors[soleVariable], rows: rows, errors: &errors) {
        (entries, selected, entryErrors) throws(SQLError) -> ColumnVector in
        var arguments = vectors
        for index in arguments.indices { arguments[index] = vectors[index].repeated(entries.count) }
        arguments[soleVariable] = entries
        defer { extendLifetime(arguments) }
        return try evaluator.evaluate(arguments, rows: selected, errors: &entryErrors)
      }
    }
    for index in vectors.indices { vectors[index] = vectors[index].decoded }
    defer { extendLifetime(vectors) }
    return try evaluator.evaluate(vectors, rows: rows, errors: &errors)
  }
}
