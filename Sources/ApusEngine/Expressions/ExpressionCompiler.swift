package import ApusPlanner
package import ApusValues
import ApusVectors

/// Turns bound expressions into ones that run over batches: finds columns by position, prepares
/// functions, and computes what is constant.
package struct ExpressionCompiler {
  let library: FunctionLibrary
  let columns: [ColumnID: Int]
  let settings: EvaluationSettings

  /// - Parameter columns: the position of each column in the batches to come.
  package init(library: FunctionLibrary, columns: [ColumnID: Int], settings: EvaluationSettings) {
    self.library = library
    self.columns = columns
    self.settings = settings
  }

  /// Compiles an expression.
  ///
  /// - Throws: NOT_SUPPORTED for what there is no kernel for, INVALID_FUNCTION_ARGUMENT for constant
  ///   arguments that a function refuses, an internal error for a column that no batch has.
  package func compile(_ expression: Expression) throws(SQLError) -> any CompiledExpression {
    switch expression {
    case .column(let column):
      guard let position = columns[column.id] else {
        throw .internal("no column \(column.name) among the inputs of an expression")
      }
      return ColumnExpression(position: position, type: column.type)
    case .literal(let literal):
      return ConstantExpression(literal)
    case .comparison(let comparison):
      let left = try compile(comparison.left)
      let right = try compile(comparison.right)
      return try fold(ComparisonExpression(comparison.op, left, right), of: [left, right])
    case .logical(let logical):
      let terms = try compile(logical.terms)
      return try fold(LogicalExpression(op: logical.op, terms: terms), of: terms)
    case .not(let operand):
      let operand = try compile(operand)
      return try fold(NotExpression(operand: operand), of: [operand])
    case .isNull(let operand):
      let operand = try compile(operand)
      return try fold(IsNullExpression(operand: operand), of: [operand])
    case .call, .arithmetic, .cast, .conditional, .coalesce, .inList, .like, .attempt:
      throw .notSupported("this expression")
    }
  }

  func compile(_ expressions: [Expression]) throws(SQLError) -> [any CompiledExpression] {
    var result: [any CompiledExpression] = []
    for expression in expressions { result.append(try compile(expression)) }
    return result
  }

  /// Returns the value of an expression whose operands are all constant as a constant, unless
  /// computing it fails: then every row that asks for it fails.
  private func fold(_ compiled: any CompiledExpression, of operands: [any CompiledExpression])
    throws(SQLError) -> any CompiledExpression
  {
    guard operands.allSatisfy({ $0 is ConstantExpression }) else { return compiled }
    var errors = RowErrors()
    let oneRow = Batch(columns: [], rowCount: 1)
    let value = try compiled.evaluate(oneRow, rows: .all(1), errors: &errors)
    return errors.isEmpty ? ConstantExpression(firstRowOf: value) : compiled
  }
}
