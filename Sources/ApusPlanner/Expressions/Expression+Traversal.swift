extension Expression {
  /// The direct operands, in order.
  public var children: [Expression] {
    switch self {
    case .column, .literal: []
    case .call(let call): call.arguments
    case .arithmetic(let arithmetic): [arithmetic.left, arithmetic.right]
    case .comparison(let comparison): [comparison.left, comparison.right]
    case .logical(let logical): logical.terms
    case .not(let operand), .isNull(let operand), .attempt(let operand): [operand]
    case .cast(let cast): [cast.operand]
    case .conditional(let conditional):
      conditional.branches.flatMap { [$0.condition, $0.result] } + [conditional.otherwise]
    case .coalesce(let coalesce): coalesce.terms
    case .inList(let inList): [inList.operand] + inList.list
    case .like(let like): [like.operand, like.pattern] + (like.escape.map { [$0] } ?? [])
    case .nest(let nest): nest.elements
    case .field(let access): [access.operand]
    case .subscription(let subscription): [subscription.operand, subscription.index]
    case .lambda(let lambda): [lambda.body]
    }
  }

  /// Returns the expression with each direct operand replaced.
  public func mapChildren<Failure: Error>(
    _ transform: (Expression) throws(Failure) -> Expression
  ) throws(Failure) -> Expression {
    switch self {
    case .column, .literal:
      return self
    case .call(var call):
      for index in call.arguments.indices {
        call.arguments[index] = try transform(call.arguments[index])
      }
      return .call(call)
    case .arithmetic(var arithmetic):
      arithmetic.left = try transform(arithmetic.left)
      arithmetic.right = try transform(arithmetic.right)
      return .arithmetic(arithmetic)
    case .comparison(var comparison):
      comparison.left = try transform(comparison.left)
      comparison.right = try transform(comparison.right)
      return .comparison(comparison)
    case .logical(var logical):
      for index in logical.terms.indices {
        logical.terms[index] = try transform(logical.terms[index])
      }
      return .logical(logical)
    case .not(let operand):
      return .not(try transform(operand))
    case .isNull(let operand):
      return .isNull(try transform(operand))
    case .attempt(let operand):
      return .attempt(try transform(operand))
    case .cast(var cast):
      cast.operand = try transform(cast.operand)
      return .cast(cast)
    case .conditional(var conditional):
      for index in conditional.branches.indices {
        conditional.branches[index].condition = try transform(
          conditional.branches[index].condition
        )
        conditional.branches[index].result = try transform(conditional.branches[index].result)
      }
      conditional.otherwise = try transform(conditional.otherwise)
      return .conditional(conditional)
    case .coalesce(var coalesce):
      for index in coalesce.terms.indices {
        coalesce.terms[index] = try transform(coalesce.terms[index])
      }
      return .coalesce(coalesce)
    case .inList(var inList):
      inList.operand = try transform(inList.operand)
      for index in inList.list.indices { inList.list[index] = try transform(inList.list[index]) }
      return .inList(inList)
    case .like(var like):
      like.operand = try transform(like.operand)
      like.pattern = try transform(like.pattern)
      if let escape = like.escape { like.escape = try transform(escape) }
      return .like(like)
    case .nest(var nest):
      for index in nest.elements.indices {
        nest.elements[index] = try transform(nest.elements[index])
      }
      return .nest(nest)
    case .field(var access):
      access.operand = try transform(access.operand)
      return .field(access)
    case .subscription(var subscription):
      subscription.operand = try transform(subscription.operand)
      subscription.index = try transform(subscription.index)
      return .subscription(subscription)
    case .lambda(var lambda):
      lambda.body = try transform(lambda.body)
      return .lambda(lambda)
    }
  }

  /// The columns that the expression reads, without the parameters of lambdas.
  public var columns: Set<PlanColumn> {
    var result: Set<PlanColumn> = []
    collectColumns(into: &result)
    return result
  }

  private func collectColumns(into result: inout Set<PlanColumn>) {
    if case .column(let column) = self { result.insert(column) }
    for child in children { child.collectColumns(into: &result) }
    if case .lambda(let lambda) = self { result.subtract(lambda.parameters) }
  }

  /// Returns the expression with columns replaced by expressions of the same type.
  public func substituting(_ replacements: [ColumnID: Expression]) -> Expression {
    if case .column(let column) = self { return replacements[column.id] ?? self }
    return mapChildren { $0.substituting(replacements) }
  }

  /// Returns the expression without the places where its parts were written.
  func withoutPlaces() -> Expression {
    switch mapChildren({ $0.withoutPlaces() }) {
    case .call(var node):
      node.range = nil
      return .call(node)
    case .arithmetic(var node):
      node.range = nil
      return .arithmetic(node)
    case .cast(var node):
      node.range = nil
      return .cast(node)
    case .like(var node):
      node.range = nil
      return .like(node)
    case .subscription(var node):
      node.range = nil
      return .subscription(node)
    case let other:
      return other
    }
  }

  /// Whether equal columns give equal results.
  public var isDeterministic: Bool {
    if case .call(let call) = self, !call.function.isDeterministic { return false }
    return children.allSatisfy { $0.isDeterministic }
  }

  public var isConstant: Bool {
    if case .column = self { return false }
    return children.allSatisfy { $0.isConstant }
  }

  /// The terms of a conjunction; a single one for any other expression, none for TRUE.
  public var conjuncts: [Expression] {
    if self == .boolean(true) { return [] }
    guard case .logical(let logical) = self, logical.op == .and else { return [self] }
    return logical.terms.flatMap(\.conjuncts)
  }

  /// Returns the AND of terms: TRUE for none, the term itself for one.
  public static func conjunction(_ terms: [Expression]) -> Expression {
    switch terms.count {
    case 0: .boolean(true)
    case 1: terms[0]
    default: .logical(Logical(.and, terms))
    }
  }
}
