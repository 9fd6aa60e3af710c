import ApusSyntax
import ApusValues

// What `*`, `t.*` and `expression.*` stand for in a select list.

extension Binder {
  /// Binds `*`, the columns of a relation, or the fields of a row.
  func expandStar(_ node: SelectAll, source: BoundRelation, _ expressions: ExpressionBinder)
    throws(SQLError) -> [SelectedItem]
  {
    let visible = source.fields.filter { !$0.isHidden }
    var items: [SelectedItem]
    if let target = node.target {
      let name = qualifier(target)
      let fields = name.map { name in
        visible.filter { $0.qualifier.suffix(name.count).map { $0.lowercased() } == name }
      }
      if let fields, !fields.isEmpty {
        items = fields.map { item($0, node) }
      } else {
        items = try rowFields(target, name: name, source: source, expressions, node)
      }
    } else if visible.isEmpty {
      throw SQLError(
        .columnNotFound,
        "SELECT * not allowed in queries without FROM clause",
        at: node.range
      )
    } else {
      items = visible.map { item($0, node) }
    }
    guard let first = node.aliases.first else { return items }
    guard node.aliases.count == items.count else {
      throw SQLError(
        .mismatchedColumnAliases,
        "Column alias list has \(node.aliases.count) entries but relation has "
          + "\(items.count) columns",
        at: first.range
      )
    }
    for (index, alias) in node.aliases.enumerated() { items[index].name = alias.value }
    return items
  }

  private func item(_ field: ScopeField, _ node: SelectAll) -> SelectedItem {
    SelectedItem(name: field.name, expression: .column(field.column), range: node.range)
  }

  /// The names before `.*`, in lower case; nil if an expression stands there.
  private func qualifier(_ target: SyntaxExpression) -> [String]? {
    switch target {
    case .identifier(let identifier): [identifier.value.lowercased()]
    case .dereference(let dereference):
      dereference.qualifiedName?.parts.map { $0.value.lowercased() }
    default: nil
    }
  }

  /// Binds a row and takes its fields.
  private func rowFields(
    _ target: SyntaxExpression,
    name: [String]?,
    source: BoundRelation,
    _ expressions: ExpressionBinder,
    _ node: SelectAll
  ) throws(SQLError) -> [SelectedItem] {
    let row: Expression
    do {
      row = try expressions.bind(target)
    } catch  where error.code == .columnNotFound && name != nil {
      let name = name ?? []
      throw SQLError(
        .tableNotFound,
        "Unable to resolve reference \(name.joined(separator: "."))",
        at: target.range,
        hint: nearestName(
          to: name.last ?? "",
          among: source.fields.compactMap(\.qualifier.last)
        ).map { "Did you mean '\($0)'?" }
      )
    }
    guard case .row(let fields) = row.type else {
      throw SQLError(
        .typeMismatch,
        "expected expression of type Row, but it is of type \(row.type)",
        at: target.range
      )
    }
    return fields.enumerated().map { index, field in
      let value: Expression =
        if case .nest(let nest) = row {
          nest.elements[index]
        } else {
          .field(FieldAccess(row, field: index, type: field.type))
        }
      return SelectedItem(name: field.name, expression: value, range: node.range)
    }
  }
}
