import ApusSyntax
import ApusValues

/// The values that a condition asks of columns by name, as far as that can be seen before names are
/// bound: the conjuncts `column = literal` and `column IN (literal, …)`.
///
/// A hint only. The files of a table tell its columns, and any file would do; this says which ones
/// the statement will read anyway.
func likelyValues(_ condition: SyntaxExpression) -> [String: Value] {
  switch condition {
  case .logical(let node) where node.operator == .and:
    return node.terms.reduce(into: [:]) { values, term in
      values.merge(likelyValues(term)) { first, _ in first }
    }
  case .comparison(let node) where node.operator == .equal:
    if let name = columnName(node.left), let value = literalValue(node.right) {
      return [name: value]
    }
    if let name = columnName(node.right), let value = literalValue(node.left) {
      return [name: value]
    }
    return [:]
  case .inList(let node) where !node.isNegated:
    if let name = columnName(node.value), let value = node.items.first.flatMap(literalValue) {
      return [name: value]
    }
    return [:]
  default:
    return [:]
  }
}

private func columnName(_ expression: SyntaxExpression) -> String? {
  switch expression {
  case .identifier(let node): node.value.lowercased()
  case .dereference(let node): node.field.value.lowercased()
  default: nil
  }
}

private func literalValue(_ expression: SyntaxExpression) -> Value? {
  switch expression {
  case .integer(let node): try? Literal(node).value
  case .string(let node): Literal(node).value
  case .typed(let node): try? Literal(node).value
  default: nil
  }
}
