package import ApusPlanner
package import ApusValues

/// Computes constants for the planner as the query itself would.
package struct ConstantFolding: ConstantEvaluator {
  private let compiler: ExpressionCompiler

  package init(library: FunctionLibrary, settings: EvaluationSettings) {
    compiler = ExpressionCompiler(library: library, columns: [:], settings: settings)
  }

  package func value(of expression: Expression) -> Value? {
    (try? compiler.compile(expression) as? ConstantExpression)?.value
  }
}
