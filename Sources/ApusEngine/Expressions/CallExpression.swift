import ApusPlanner
import ApusValues
import ApusVectors

/// A call of a scalar function.
struct CallExpression: CompiledExpression {
  let function: BoundFunction
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
    self.function = function
    self.evaluator = evaluator
    self.arguments = arguments
    let variables = arguments.indices.filter { !(arguments[$0] is ConstantExpression) }
    soleVariable = isDeterministic && variables.count == 1 ? variables[0] : nil
  }

  var type: SQLType { function.returnType }

  /// For each argument whether it is constant.
  var areConstant: [Bool] { arguments.map { $0 is ConstantExpression } }

  func evaluate(_ batch: Batch, rows: Selection, errors: inout RowErrors) throws(SQLError)
    -> ColumnVector
  {
    let vectors = try evaluateArguments(batch, rows: rows, errors: &errors)
    return try apply(to: vectors, rows: rows, errors: &errors)
  }

  func evaluateArguments(_ batch: Batch, rows: Selection, errors: inout RowErrors)
    throws(SQLError) -> [ColumnVector]
  {
    var vectors: [ColumnVector] = []
    vectors.reserveCapacity(arguments.count)
    for argument in arguments {
      vectors.append(try argument.evaluate(batch, rows: rows, errors: &errors))
    }
    return vectors
  }

  func apply(to vectors: [ColumnVector], rows: Selection, errors: inout RowErrors)
    throws(SQLError) -> ColumnVector
  {
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
    var decoded = vectors
    for index in vectors.indices { decoded[index] = vectors[index].decoded }
    defer { extendLifetime(decoded) }
    return try evaluator.evaluate(decoded, rows: rows, errors: &errors)
  }
}
