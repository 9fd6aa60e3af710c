import ApusSyntax
import ApusValues

// Arrays, rows, what is taken out of them, and lambdas.

extension ExpressionBinder {
  func bindArray(_ node: ArrayExpression) throws(SQLError) -> Expression {
    var elements: [Expression] = []
    for element in node.elements { elements.append(try bind(element)) }
    let type = try commonType(elements, of: "ARRAY", at: node.range)
    return .nest(
      Nest(coerce(elements, to: elements.map { _ in type }, at: node.range), type: .array(type))
    )
  }

  func bindRow(_ node: RowExpression) throws(SQLError) -> Expression {
    var elements: [Expression] = []
    for element in node.elements { elements.append(try bind(element)) }
    return .nest(Nest(elements, type: .row(elements.map { RowField(nil, $0.type) })))
  }

  /// Binds `a.b.c`: a column, as many names as there are of it, then fields.
  func bindDereference(_ node: DereferenceExpression) throws(SQLError) -> Expression {
    guard let name = node.qualifiedName else {
      return try bindField(node.field, of: try bind(node.base), at: node.range)
    }
    if lambdaParameter([name.parts[0]]) == nil {
      if let column = try bindLabeled(name) { return column }
      if let column = try scope.resolve(name.parts, at: node.range) {
        return try bindColumn(column, at: node.range)
      }
      guard try isName(node.base) else { throw scope.notFound(name.parts, at: node.range) }
    }
    return try bindField(node.field, of: try bind(node.base), at: node.range)
  }

  /// Whether the names before a point mean a column or a field of one.
  private func isName(_ base: SyntaxExpression) throws(SQLError) -> Bool {
    switch base {
    case .identifier(let node): return try scope.resolve([node], at: node.range) != nil
    case .dereference(let node):
      guard let name = node.qualifiedName else { return true }
      if try scope.resolve(name.parts, at: node.range) != nil { return true }
      return try isName(node.base)
    default: return true
    }
  }

  private func bindField(_ field: Identifier, of operand: Expression, at range: SourceRange)
    throws(SQLError) -> Expression
  {
    guard case .row(let fields) = operand.type else {
      throw SQLError(
        .typeMismatch,
        "Expression \(operand) is not of type ROW",
        at: range
      )
    }
    let matches = fields.indices.filter {
      fields[$0].name?.lowercased() == field.value.lowercased()
    }
    guard let position = matches.first else {
      throw SQLError(
        .columnNotFound,
        "Column '\(field.value)' cannot be resolved",
        at: field.range,
        hint: nearestName(to: field.value, among: fields.compactMap(\.name)).map {
          "Did you mean '\($0)'?"
        }
      )
    }
    if matches.count > 1 {
      throw SQLError(.ambiguousName, "Column '\(field.value)' is ambiguous", at: field.range)
    }
    return .field(FieldAccess(operand, field: position, type: fields[position].type))
  }

  func bindSubscript(_ node: SubscriptExpression) throws(SQLError) -> Expression {
    let base = try bind(node.base)
    let index = try bind(node.index)
    func refuse(_ hint: String? = nil) -> SQLError {
      SQLError(
        .typeMismatch,
        "Cannot apply operator: \(base.type)[\(index.type)]",
        at: node.range,
        hint: hint
      )
    }
    switch base.type {
    case .array(let element):
      guard index.type.isCoercible(to: .bigint) else { throw refuse() }
      return .subscription(
        Subscription(
          base,
          index.coerced(to: .bigint, at: node.index.range),
          type: element,
          range: node.range
        )
      )
    case .map(let key, let value):
      guard index.type.isCoercible(to: key) else { throw refuse() }
      return .subscription(
        Subscription(
          base,
          index.coerced(to: key, at: node.index.range),
          type: value,
          range: node.range
        )
      )
    case .row(let fields):
      guard case .literal(let literal) = index, case .integer(let number) = literal.value else {
        throw refuse("The field of a row is named by a number: r[1].")
      }
      guard fields.indices.contains(Int(number) - 1) else {
        throw SQLError(
          .invalidFunctionArgument,
          "ROW index out of bounds: \(number)",
          at: node.index.range
        )
      }
      let field = Int(number) - 1
      return .field(FieldAccess(base, field: field, type: fields[field].type))
    default:
      throw refuse()
    }
  }

  /// The parameter of a lambda that a name means.
  func lambdaParameter(_ parts: [Identifier]) -> PlanColumn? {
    guard parts.count == 1 else { return nil }
    let name = parts[0].value.lowercased()
    for parameters in lambdaParameters.reversed() {
      if let parameter = parameters[name] { return parameter }
    }
    return nil
  }

  /// A call's function with its arguments.
  struct BoundArguments {
    var function: BoundFunction
    /// The arguments as they stand.
    var given: [Expression]
    /// The arguments in the function's types.
    var arguments: [Expression]
  }

  /// Binds the arguments of a call, which may be lambdas, and chooses the overload.
  func bindArguments(of node: FunctionCall, name: String) throws(SQLError) -> BoundArguments {
    let resolution = try overloads(of: name, at: node.range)
    var arguments: [Expression] = []
    var kinds: [FunctionArgument] = []
    for syntax in node.arguments {
      if case .lambda(let lambda) = syntax {
        kinds.append(.lambda(parameterCount: lambda.parameters.count))
        arguments.append(.null(.unknown))
      } else {
        let argument = try bind(syntax)
        kinds.append(.value(argument.type))
        arguments.append(argument)
      }
    }
    let choice = try resolution.resolve(kinds, at: node.range) {
      (position, types) throws(SQLError) -> SQLType in
      guard case .lambda(let syntax) = node.arguments[position] else { return .unknown }
      let lambda = try bindLambda(syntax, types)
      arguments[position] = .lambda(lambda)
      return lambda.body.type
    }
    let given = arguments
    for (position, type) in choice.parameterTypes.enumerated() {
      if case .lambda(var lambda) = arguments[position] {
        lambda.body = lambda.body.coerced(to: type, at: node.arguments[position].range)
        arguments[position] = .lambda(lambda)
      } else {
        arguments[position] = arguments[position].coerced(to: type, at: node.range)
      }
    }
    return BoundArguments(function: choice.boundFunction, given: given, arguments: arguments)
  }

  /// Binds a call of a scalar function.
  func bindScalarCall(_ node: FunctionCall, name: String) throws(SQLError) -> Expression {
    let bound = try bindArguments(of: node, name: name)
    return .call(Call(function: bound.function, arguments: bound.arguments, range: node.range))
  }

  private func bindLambda(_ node: LambdaExpression, _ types: [SQLType]) throws(SQLError) -> Lambda {
    let parameters = zip(node.parameters, types).map { binder.makeColumn($0.value, $1) }
    var names: [String: PlanColumn] = [:]
    for (identifier, parameter) in zip(node.parameters, parameters) {
      let name = identifier.value.lowercased()
      guard names[name] == nil else {
        throw SQLError(
          .syntaxError,
          "Lambda argument '\(identifier.value)' is named twice",
          at: identifier.range
        )
      }
      names[name] = parameter
    }
    let outerRefusal = refusal
    let outerSubqueries = subqueries.count
    lambdaParameters.append(names)
    refusal = ("Lambda expression", "Lambda expression")
    defer {
      lambdaParameters.removeLast()
      refusal = outerRefusal
    }
    let body = try bind(node.body)
    guard subqueries.count == outerSubqueries else {
      throw SQLError.notSupported("A subquery inside a lambda", at: node.body.range)
    }
    return Lambda(parameters, body)
  }
}

extension SQLType {
  /// - Throws: TYPE_MISMATCH for a type whose values have no order.
  func requireOrder(at range: SourceRange) throws(SQLError) {
    if isOrderable { return }
    throw SQLError(
      .typeMismatch,
      "Type \(self) is not orderable, and therefore cannot be used in ORDER BY: \(self)",
      at: range
    )
  }
}
