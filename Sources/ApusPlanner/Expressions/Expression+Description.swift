import ApusValues
public import ApusVectors

extension Expression: CustomStringConvertible {
  /// The expression much as SQL would write it, for plans.
  public var description: String {
    switch self {
    case .column(let column): return column.name
    case .literal(let literal): return literal.description
    case .call(let call):
      return "\(call.function.name)(\(list(call.arguments)))"
    case .arithmetic(let node):
      return "(\(node.left) \(node.op.rawValue) \(node.right))"
    case .comparison(let node):
      return "\(node.left) \(node.op.rawValue) \(node.right)"
    case .logical(let node):
      let terms = node.terms.map { term in
        if case .logical = term { "(\(term))" } else { term.description }
      }
      return terms.joined(separator: " \(node.op.rawValue) ")
    case .not(.isNull(let operand)): return "\(operand) IS NOT NULL"
    case .not(let operand): return "NOT (\(operand))"
    case .isNull(let operand): return "\(operand) IS NULL"
    case .cast(let node):
      return "\(node.isTry ? "TRY_CAST" : "CAST")(\(node.operand) AS \(node.type))"
    case .conditional(let node):
      let branches = node.branches.map { "WHEN \($0.condition) THEN \($0.result)" }
      return "CASE \(branches.joined(separator: " ")) ELSE \(node.otherwise) END"
    case .coalesce(let node): return "COALESCE(\(list(node.terms)))"
    case .inList(let node): return "\(node.operand) IN (\(list(node.list)))"
    case .like(let node):
      let escape = node.escape.map { " ESCAPE \($0)" } ?? ""
      return "\(node.operand) LIKE \(node.pattern)\(escape)"
    case .attempt(let operand): return "TRY(\(operand))"
    case .nest(let node):
      if case .array = node.type { return "ARRAY[\(list(node.elements))]" }
      return "ROW(\(list(node.elements)))"
    case .field(let node):
      guard case .row(let fields) = node.operand.type, let name = fields[node.field].name else {
        return "\(node.operand)[\(node.field + 1)]"
      }
      return "\(node.operand).\(name)"
    case .subscription(let node): return "\(node.operand)[\(node.index)]"
    case .lambda(let node):
      let names = node.parameters.map(\.name)
      let parameters = names.count == 1 ? names[0] : "(\(names.joined(separator: ", ")))"
      return "\(parameters) -> \(node.body)"
    }
  }

  private func list(_ expressions: [Expression]) -> String {
    expressions.map(\.description).joined(separator: ", ")
  }
}

extension Literal: CustomStringConvertible {
  public var description: String {
    guard let text = value.text(as: type) else { return "NULL" }
    switch type {
    case .varchar, .char: return "'\(text)'"
    case .date: return "DATE '\(text)'"
    case .timestamp: return "TIMESTAMP '\(text)'"
    case .time: return "TIME '\(text)'"
    case .varbinary: return "X'\(text.filter { $0 != " " })'"
    case .intervalDayToSecond: return "INTERVAL '\(text)' DAY TO SECOND"
    case .intervalYearToMonth: return "INTERVAL '\(text)' YEAR TO MONTH"
    default: return text
    }
  }
}

extension ColumnDomain: CustomStringConvertible {
  /// The allowed values: `[1, 5) or [7]`.
  public var description: String {
    func text(_ value: Value) -> String { Literal(value, type).description }
    var parts = ranges.map { range -> String in
      if let lower = range.lower, range.lower == range.upper { return "[\(text(lower))]" }
      let open = range.lower.map { (range.lowerIsInclusive ? "[" : "(") + text($0) } ?? "(-∞"
      let close = range.upper.map { text($0) + (range.upperIsInclusive ? "]" : ")") } ?? "+∞)"
      return "\(open), \(close)"
    }
    if allowsNull { parts.append("NULL") }
    return parts.isEmpty ? "none" : parts.joined(separator: " or ")
  }
}
