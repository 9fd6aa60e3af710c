import ApusSyntax
import ApusValues

extension Binder {
  /// Binds `UNNEST(a, b) WITH ORDINALITY` over a single row without columns; a join with what stands
  /// on its left puts that in the row's place.
  func bindUnnest(_ node: UnnestRelation, outer: Scope?) throws(SQLError) -> BoundRelation {
    let expressions = ExpressionBinder(
      self,
      scope: Scope([], parent: outer),
      aggregates: "UNNEST",
      windows: "UNNEST"
    )
    var sources: [Unnest.Source] = []
    for syntax in node.expressions {
      let value = try expressions.bind(syntax)
      sources.append(Unnest.Source(value, columns: try columns(of: value.type, at: syntax.range)))
    }
    guard expressions.subqueries.isEmpty else {
      throw SQLError.notSupported("A subquery inside UNNEST", at: node.range)
    }
    let unnest = Unnest(
      input: .values(ValuesNode(columns: [], rows: [[]])),
      sources: sources,
      ordinality: node.withOrdinality ? makeColumn("ordinality", .bigint) : nil
    )
    return BoundRelation(
      plan: .unnest(unnest),
      fields: unnest.added.map { ScopeField(name: nil, qualifier: [], column: $0) }
    )
  }

  private func columns(of type: SQLType, at range: SourceRange) throws(SQLError) -> [PlanColumn] {
    switch type {
    case .array(.row(let fields)):
      return fields.map { makeColumn($0.name ?? "field", $0.type) }
    case .array(let element):
      return [makeColumn("element", element)]
    case .map(let key, let value):
      return [makeColumn("key", key), makeColumn("value", value)]
    default:
      throw SQLError(.typeMismatch, "Cannot unnest type: \(type)", at: range)
    }
  }
}
