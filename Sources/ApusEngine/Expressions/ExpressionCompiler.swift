package import ApusPlanner
package import ApusValues
import ApusVectors

/// Turns bound expressions into ones that run over batches: finds columns by position, prepares
/// functions, and computes what is constant.
package struct ExpressionCompiler {
  let library: FunctionLibrary
  let columns: [ColumnID: Int]
  let settings: EvaluationSettings
  private var surroundings = CallSurroundings()

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
    case .arithmetic(let arithmetic):
      let left = try compile(arithmetic.left)
      let right = try compile(arithmetic.right)
      return try fold(ArithmeticExpression(arithmetic, left, right), of: [left, right])
    case .cast(let cast):
      let operand = try compile(cast.operand)
      return try fold(CastExpression(cast, operand), of: [operand])
    case .call(let call):
      return try compile(call)
    case .conditional(let conditional):
      return try compile(conditional)
    case .coalesce(let coalesce):
      let terms = try compile(coalesce.terms)
      return try fold(CoalesceExpression(type: coalesce.type, terms: terms), of: terms)
    case .inList(let inList):
      return try compile(inList)
    case .like(let like):
      let operand = try compile(like.operand)
      let pattern = try compile(like.pattern)
      let escape: (any CompiledExpression)? =
        if let escape = like.escape { try compile(escape) } else { nil }
      return try fold(
        LikeExpression(operand, pattern: pattern, escape: escape, range: like.range),
        of: [operand, pattern] + (escape.map { [$0] } ?? [])
      )
    case .attempt(let operand):
      var inner = self
      inner.surroundings.isInTry = true
      let operand = try inner.compile(operand)
      return try fold(AttemptExpression(operand: operand), of: [operand])
    case .nest(let nest):
      let elements = try compile(nest.elements)
      return try fold(NestExpression(type: nest.type, elements: elements), of: elements)
    case .field(let access):
      let operand = try compile(access.operand)
      return try fold(FieldExpression(access, operand), of: [operand])
    case .subscription(let subscription):
      let operand = try compile(subscription.operand)
      let index = try compile(subscription.index)
      return try fold(SubscriptExpression(subscription, operand, index), of: [operand, index])
    case .lambda:
      throw .internal("a lambda outside of a call")
    }
  }

  private func compile(_ call: Call) throws(SQLError) -> any CompiledExpression {
    guard case .scalar(let overload) = try library.entry(for: call.function) else {
      throw .internal("\(call.function.name) is called as a scalar function")
    }
    var arguments: [any CompiledExpression] = []
    var lambdas: [Int: CompiledLambda] = [:]
    var captured: [PlanColumn] = []
    for argument in call.arguments {
      guard case .lambda(let lambda) = argument else {
        arguments.append(try compile(argument))
        continue
      }
      for column in argument.columns.sorted(by: { $0.id.rawValue < $1.id.rawValue })
      where !captured.contains(column) {
        captured.append(column)
      }
      lambdas[arguments.count] = try compile(lambda, captured: captured)
      arguments.append(ConstantExpression(Literal(.null, lambda.body.type)))
    }
    arguments += try compile(captured.map { .column($0) })
    var site = ScalarCall(
      function: call.function,
      constants: arguments.map { ($0 as? ConstantExpression)?.value },
      lambdas: lambdas,
      range: call.range,
      settings: settings
    )
    let evaluator: any ScalarEvaluator
    do throws(SQLError) {
      evaluator = try overload.prepare(site)
    } catch {
      // A constant that a function refuses fails the rows that need it, which TRY or CASE may forgive.
      site.constants = arguments.map { _ in nil }
      guard error.code.isCaughtByTry, let later = try? overload.prepare(site) else {
        throw error.located(at: call.range)
      }
      evaluator = later
    }
    let isDeterministic = Expression.call(call).isDeterministic
    let compiled = observed(
      CallExpression(
        call.function,
        evaluator: evaluator,
        arguments: arguments,
        isDeterministic: isDeterministic
      )
    )
    return isDeterministic ? try fold(compiled, of: arguments) : compiled
  }

  private func observed(_ call: CallExpression) -> any CompiledExpression {
    guard let observer = settings.observer else { return call }
    return ObservedCallExpression(call: call, surroundings: surroundings, observer: observer)
  }

  /// - Parameter captured: columns from outside, in the order in which a batch has them after the
  ///   lambda's parameters.
  func compile(_ lambda: Lambda, captured: [PlanColumn]) throws(SQLError) -> CompiledLambda {
    var positions: [ColumnID: Int] = [:]
    for (position, column) in (lambda.parameters + captured).enumerated() {
      positions[column.id] = position
    }
    var inner = ExpressionCompiler(library: library, columns: positions, settings: settings)
    inner.surroundings = surroundings
    return CompiledLambda(body: try inner.compile(lambda.body))
  }

  private func compile(_ conditional: Conditional) throws(SQLError) -> any CompiledExpression {
    var branches: [ConditionalExpression.Branch] = []
    var operands: [any CompiledExpression] = []
    var inner = self
    inner.surroundings.isInCase = true
    for branch in conditional.branches {
      let condition = try compile(branch.condition)
      let result = try inner.compile(branch.result)
      branches.append(ConditionalExpression.Branch(condition: condition, result: result))
      operands += [condition, result]
    }
    let otherwise = try inner.compile(conditional.otherwise)
    let compiled = ConditionalExpression(
      type: conditional.type,
      branches: branches,
      otherwise: otherwise
    )
    return try fold(compiled, of: operands + [otherwise])
  }

  private func compile(_ inList: InList) throws(SQLError) -> any CompiledExpression {
    let operand = try compile(inList.operand)
    let list = try compile(inList.list)
    let constants = list.compactMap { $0 as? ConstantExpression }
    if constants.count == list.count, !operand.type.isNested {
      return try fold(InSetExpression(operand, constants: constants), of: [operand])
    }
    return try fold(InListExpression(operand: operand, list: list), of: [operand] + list)
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
