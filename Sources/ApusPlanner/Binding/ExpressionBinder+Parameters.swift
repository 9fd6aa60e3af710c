import ApusSyntax
import ApusValues

/// What the `?` of a statement stand for while it is bound.
public enum ParameterValues: Sendable {
  /// Constants, in order.
  case values([Expression])
  /// Nothing yet: the statement is only described.
  case described
}

extension ExpressionBinder {
  /// Binds a parameter: to its value, with the type that the value has.
  func bindParameter(_ node: Parameter) throws(SQLError) -> Expression {
    switch binder.context.parameters {
    case .values(let values):
      guard values.indices.contains(node.index) else {
        throw SQLError(
          .invalidParameterUsage,
          "Incorrect number of parameters: expected \(node.index + 1) but found \(values.count)",
          at: node.range
        )
      }
      return values[node.index]
    case .described:
      return .call(Call(function: .describedParameter(node.index), arguments: [], range: nil))
    }
  }
}

extension Binder {
  /// Binds constants: what USING gives to the parameters of a statement, or SET SESSION to a property.
  ///
  /// - Throws: EXPRESSION_NOT_CONSTANT, and what binding an expression throws.
  func bindConstant(_ syntax: SyntaxExpression) throws(SQLError) -> Expression {
    let expressions = ExpressionBinder(
      self,
      scope: Scope([], parent: nil),
      aggregates: "Constant expression",
      windows: "Constant expression"
    )
    let expression: Expression
    do {
      expression = try expressions.bind(syntax)
    } catch  where error.code == .columnNotFound {
      throw SQLError(
        .expressionNotConstant,
        "Constant expression cannot contain column references",
        at: error.range,
        hint: "A text stands in single quotes."
      )
    }
    guard expressions.subqueries.isEmpty else {
      throw SQLError(
        .expressionNotConstant,
        "Constant expression cannot contain a subquery",
        at: syntax.range
      )
    }
    return expression
  }

  /// Binds a number of rows, which a parameter may give.
  func bindRowCount(_ node: Parameter, _ clause: String) throws(SQLError) -> Int {
    let expressions = ExpressionBinder(
      self,
      scope: Scope([], parent: nil),
      aggregates: clause,
      windows: clause
    )
    let value = try expressions.bindParameter(node)
    if case .described = context.parameters {
      describedRowCounts.insert(node.index)
      return 1
    }
    guard value.type == .unknown || value.type.isCoercible(to: .bigint) else {
      throw SQLError(
        .typeMismatch,
        "\(clause) row count must be a bigint: actual type \(value.type)",
        at: node.range
      )
    }
    let constant = value.coerced(to: .bigint, at: node.range)
    let number: Value? =
      if case .literal(let literal) = constant {
        literal.value
      } else {
        context.evaluator?.value(of: constant)
      }
    switch number {
    case .integer(let count)? where count >= 0 && (count > 0 || clause != "FETCH FIRST"):
      return Int(count)
    case .integer(let count)?:
      let bound = clause == "FETCH FIRST" ? "positive" : "greater or equal to 0"
      throw SQLError(
        .numericValueOutOfRange,
        "\(clause) row count must be \(bound) (actual value: \(count))",
        at: node.range
      )
    case .null?:
      throw SQLError(
        .invalidArguments,
        "Parameter value provided for \(clause) is NULL: NULL",
        at: node.range
      )
    default:
      throw SQLError(
        .invalidArguments,
        "Non constant parameter value for \(clause): \(value)",
        at: node.range
      )
    }
  }
}

extension BoundFunction {
  private static let describedName = "?"

  /// Stands for a parameter in a plan that is never run.
  static func describedParameter(_ index: Int) -> BoundFunction {
    BoundFunction(
      name: describedName,
      overload: index,
      parameterTypes: [],
      returnType: .unknown,
      isDeterministic: true
    )
  }

  /// The position of the parameter that this stands for, nil for a function.
  fileprivate var describedIndex: Int? { name == BoundFunction.describedName ? overload : nil }
}

extension LogicalPlan {
  /// The types that the parameters of a described statement are converted to, by position; those that
  /// nothing is asked of are not there.
  func describedParameterTypes() -> [Int: SQLType] {
    var types: [Int: SQLType] = [:]
    func visit(_ expression: Expression) {
      if case .cast(let cast) = expression, case .call(let call) = cast.operand,
        let index = call.function.describedIndex
      {
        types[index] = types[index].flatMap { SQLType.common($0, cast.type) } ?? cast.type
      }
      for child in expression.children { visit(child) }
    }
    func visit(_ plan: LogicalPlan) {
      for expression in plan.expressions { visit(expression) }
      for child in plan.children { visit(child) }
    }
    visit(self)
    return types
  }
}
