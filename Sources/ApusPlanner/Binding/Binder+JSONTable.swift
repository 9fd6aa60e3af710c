import ApusSyntax
import ApusValues

extension Binder {
  /// Binds `JSON_TABLE(document, path COLUMNS (…))` over a single row without columns; a join with
  /// what stands on its left puts that in the row's place.
  func bindJSONTable(_ node: JSONTableRelation, outer: Scope?) throws(SQLError) -> BoundRelation {
    let expressions = ExpressionBinder(
      self,
      scope: Scope([], parent: outer),
      aggregates: "JSON_TABLE",
      windows: "JSON_TABLE"
    )
    let (document, encoding, parameters) = try expressions.bindJSONTableInput(node.path)
    var columns = JSONTableColumns(
      binder: self,
      expressions: expressions,
      raisesErrors: node.onError == .error
    )
    let root = try columns.add(node.path.path, node.pathName, node.columns)
    let rows: JSONTable.Rows =
      switch node.plan {
      case .specific(let plan)?:
        try root.rows(plan)
      case .default(let parent, let siblings)?:
        try root.rows(isOuter: parent != .inner, isCross: siblings == .cross, areNamed: true)
      case nil:
        try root.rows(isOuter: true, isCross: false, areNamed: false)
      }
    let single = LogicalPlan.values(ValuesNode(columns: [], rows: [[]]))
    let table = JSONTable(
      input: try attach(expressions.subqueries, to: single),
      document: document,
      encoding: encoding,
      parameters: parameters,
      paths: columns.paths,
      columns: columns.columns,
      rows: rows,
      raisesErrors: columns.raisesErrors
    )
    return BoundRelation(
      plan: .jsonTable(table),
      fields: table.added.map { ScopeField(name: $0.name, qualifier: [], column: $0) }
    )
  }
}

/// Collects the columns and the paths of a JSON_TABLE.
private struct JSONTableColumns {
  let binder: Binder
  let expressions: ExpressionBinder
  let raisesErrors: Bool
  private(set) var paths: [JSONTable.Path] = []
  private(set) var columns: [JSONTable.Column] = []
  private var names: Set<String> = []

  init(binder: Binder, expressions: ExpressionBinder, raisesErrors: Bool) {
    self.binder = binder
    self.expressions = expressions
    self.raisesErrors = raisesErrors
  }

  /// Adds a path of rows with its columns.
  mutating func add(
    _ path: StringLiteral,
    _ name: Identifier?,
    _ definitions: [JSONTableColumn]
  ) throws(SQLError) -> JSONTableRowPath {
    let index = paths.count
    paths.append(JSONTable.Path(path.value, at: path.range))
    if let name { try use(name) }
    var nested: [JSONTableRowPath] = []
    for definition in definitions {
      switch definition {
      case .ordinality(let node):
        try add(node.name, .bigint, .ordinality, to: index, at: node.range)
      case .value(let node):
        let (type, source) = try expressions.bindJSONTableColumn(
          node,
          onError: raisesErrors ? .error : .null
        )
        try add(node.name, type, source, to: index, at: node.range)
      case .query(let node):
        let (type, source) = try expressions.bindJSONTableColumn(
          node,
          onError: raisesErrors ? .error : .null
        )
        try add(node.name, type, source, to: index, at: node.range)
      case .nested(let node):
        nested.append(try add(node.path, node.pathName, node.columns))
      }
    }
    return JSONTableRowPath(index: index, name: name, nested: nested, range: path.range)
  }

  private mutating func add(
    _ name: Identifier,
    _ type: SQLType,
    _ source: JSONTable.Source,
    to path: Int,
    at range: SourceRange
  ) throws(SQLError) {
    try use(name)
    let column = binder.makeColumn(name.value, type)
    columns.append(JSONTable.Column(column, path: path, source: source, at: range))
  }

  private mutating func use(_ name: Identifier) throws(SQLError) {
    guard names.insert(name.jsonName).inserted else {
      throw SQLError(
        .duplicateColumnOrPathName,
        "All column and path names in JSON_TABLE invocation must be unique",
        at: name.range
      )
    }
  }
}

/// A path of rows and those within it.
private struct JSONTableRowPath {
  let index: Int
  let name: Identifier?
  let nested: [JSONTableRowPath]
  let range: SourceRange

  /// Returns how the rows go together by default.
  ///
  /// - Parameter areNamed: whether nested paths must have names.
  func rows(isOuter: Bool, isCross: Bool, areNamed: Bool) throws(SQLError) -> JSONTable.Rows {
    if areNamed, let path = nested.first(where: { $0.name == nil }) {
      throw SQLError(
        .missingPathName,
        "All nested JSON paths must be named when default plan is given",
        at: path.range
      )
    }
    var children: [JSONTable.Rows] = []
    for path in nested {
      children.append(try path.rows(isOuter: isOuter, isCross: isCross, areNamed: areNamed))
    }
    let rows: JSONTable.Rows? =
      children.count < 2 ? children.first : isCross ? .cross(children) : .union(children)
    return .path(index, nested: rows, isOuter: isOuter)
  }

  /// Returns how the rows go together by the plan of the whole table.
  func rows(_ plan: JSONTablePlanPart) throws(SQLError) -> JSONTable.Rows {
    let names = try planNames(of: [self], at: range)
    guard case .siblings = plan.kind else {
      return try JSONTableRowPath.rows(plan, of: names, whole: plan)
    }
    throw SQLError(
      .invalidPlan,
      "JSON_TABLE plan must either be a single path name or it must be rooted in parent-child "
        + "relationship (OUTER or INNER)",
      at: plan.range
    )
  }

  private func planNames(of paths: [JSONTableRowPath], at range: SourceRange) throws(SQLError)
    -> [String: JSONTableRowPath]
  {
    var names: [String: JSONTableRowPath] = [:]
    for path in paths {
      guard let name = path.name else {
        throw SQLError(
          .missingPathName,
          "All JSON paths must be named when specific plan is given",
          at: path.range
        )
      }
      names[name.jsonName] = path
    }
    return names
  }

  /// Returns how the rows of paths side by side go together, each of which a plan must name once.
  private static func rows(
    _ plan: JSONTablePlanPart,
    of paths: [String: JSONTableRowPath],
    whole: JSONTablePlanPart
  ) throws(SQLError) -> JSONTable.Rows {
    var named: [String] = []
    for name in plan.siblingNames {
      guard !named.contains(name.jsonName) else {
        throw SQLError(
          .invalidPlan,
          "Duplicate reference to JSON path name in sibling plan: \(name.jsonName)",
          at: name.range
        )
      }
      named.append(name.jsonName)
    }
    let missing = paths.keys.filter { !named.contains($0) }.sorted()
    guard missing.isEmpty else {
      throw SQLError(
        .invalidPlan,
        "JSON_TABLE plan should contain all JSON paths available at each level of nesting. "
          + "Paths not included: \(missing.joined(separator: ", "))",
        at: whole.range
      )
    }
    let unknown = named.filter { paths[$0] == nil }
    guard unknown.isEmpty else {
      throw SQLError(
        .invalidPlan,
        "JSON_TABLE plan includes unavailable JSON path names: "
          + unknown.joined(separator: ", "),
        at: whole.range
      )
    }
    return try arrange(plan, paths, whole)
  }

  private static func arrange(
    _ plan: JSONTablePlanPart,
    _ paths: [String: JSONTableRowPath],
    _ whole: JSONTablePlanPart
  ) throws(SQLError) -> JSONTable.Rows {
    switch plan.kind {
    case .path(let name):
      return try rows(of: name, nil, isOuter: true, paths, whole)
    case .parent(let name, let join, let child):
      return try rows(of: name, child, isOuter: join == .outer, paths, whole)
    case .siblings(let join, let parts):
      var siblings: [JSONTable.Rows] = []
      for part in parts { siblings.append(try arrange(part, paths, whole)) }
      return join == .cross ? .cross(siblings) : .union(siblings)
    }
  }

  private static func rows(
    of name: Identifier,
    _ child: JSONTablePlanPart?,
    isOuter: Bool,
    _ paths: [String: JSONTableRowPath],
    _ whole: JSONTablePlanPart
  ) throws(SQLError) -> JSONTable.Rows {
    guard let path = paths[name.jsonName] else {
      throw SQLError.internal("a path of JSON_TABLE's plan that is not there")
    }
    let names = try path.planNames(of: path.nested, at: path.range)
    guard let child else {
      guard names.isEmpty else {
        throw SQLError(
          .invalidPlan,
          "JSON_TABLE plan should contain all JSON paths available at each level of nesting. "
            + "Paths not included: \(names.keys.sorted().joined(separator: ", "))",
          at: whole.range
        )
      }
      return .path(path.index, nested: nil, isOuter: isOuter)
    }
    return .path(path.index, nested: try rows(child, of: names, whole: whole), isOuter: isOuter)
  }
}

extension JSONTablePlanPart {
  /// The paths that stand side by side in a plan, without those within them.
  fileprivate var siblingNames: [Identifier] {
    switch kind {
    case .path(let name), .parent(let name, _, _): [name]
    case .siblings(_, let parts): parts.flatMap(\.siblingNames)
    }
  }
}
