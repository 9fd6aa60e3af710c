import ApusSyntax
import ApusValues

extension StatementExecution {
  /// Runs SET SESSION name = literal.
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
    let defaults = SessionProperties(engine.configuration)
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

  private func constant(_ expression: Expression) throws(SQLError) -> Value {
    switch expression {
    case .string(let literal):
      return .text(literal.value)
    case .boolean(let literal):
      return .boolean(literal.value)
    case .integer(let literal):
      if let value = Int64(literal.text) { return .integer(value) }
    case .unary(let unary):
      if case .integer(let value) = try constant(unary.operand) {
        return .integer(unary.sign == .minus ? -value : value)
      }
    default: break
    }
    throw .notSupported("A session property's value that is not a literal", at: expression.range)
  }
}
