import ApusPlanner
import ApusSyntax
import ApusValues

extension StatementExecution {
  /// Runs SET SESSION name = constant.
  func run(_ node: SetSessionStatement) throws(SQLError) -> QueryResult {
    let property = try property(named: node.name)
    let value = try constant(node.value)
    do {
      var changed = properties
      try property.set(&changed, value)
    } catch {
      throw error.located(at: node.value.range)
    }
    // Set on what the session has now, which another statement may have changed meanwhile.
    try session.change { state throws(SQLError) in try property.set(&state.properties, value) }
    return try done(.setSession)
  }

  /// Runs RESET SESSION name.
  func run(_ node: ResetSessionStatement) throws(SQLError) -> QueryResult {
    let property = try property(named: node.name)
    let defaults = SessionProperties(engine.configuration, session.dialect)
    try session.change { property.reset(&$0.properties, defaults) }
    return try done(.resetSession)
  }

  private func property(named name: QualifiedName) throws(SQLError) -> SessionProperties.Property {
    do {
      return try SessionProperties.named(name.names.joined(separator: "."))
    } catch {
      throw error.located(at: name.range)
    }
  }

  private func constant(_ expression: ApusSyntax.Expression) throws(SQLError) -> Value {
    guard case .literal(let literal) = try planner().constant(expression) else {
      throw SQLError(
        .invalidSessionProperty,
        "A session property's value must be a constant that can be computed",
        at: expression.range
      )
    }
    return literal.value
  }
}
