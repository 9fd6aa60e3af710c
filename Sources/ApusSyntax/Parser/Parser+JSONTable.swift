import ApusValues

// Grammar/JSONTable.grammar.
extension Parser {
  mutating func parseJSONTable() throws(SQLError) -> Relation {
    let start = index
    advance()
    try expect(.leftParenthesis)
    var pathName: Identifier?
    let path = try parseJSONPath(name: &pathName)
    let columns = try parseJSONTableColumns()
    let plan = try parseJSONTablePlan()
    var onError: JSONTableBehavior?
    if let word = accept(oneOf: .error, .empty) {
      try expect(.on)
      try expect(.error)
      onError = word == .error ? .error : .empty
    }
    try expect(.rightParenthesis)
    return .jsonTable(
      JSONTableRelation(
        path: path,
        pathName: pathName,
        columns: columns,
        plan: plan,
        onError: onError,
        range: range(from: start)
      )
    )
  }

  private mutating func parseJSONTableColumns() throws(SQLError) -> [JSONTableColumn] {
    let outer = try open()
    defer { close(outer) }
    try expect(.columns)
    try expect(.leftParenthesis)
    var columns: [JSONTableColumn] = []
    repeat { columns.append(try parseJSONTableColumn()) } while accept(.comma)
    try expect(.rightParenthesis)
    return columns
  }

  private mutating func parseJSONTableColumn() throws(SQLError) -> JSONTableColumn {
    let start = index
    note(.keyword(.nested))
    if isAt(.nested), startsText(peek()) || isNestedPath { return try parseJSONTableNested() }
    let name = try parseIdentifier()
    if accept(.for) {
      try expect(.ordinality)
      return .ordinality(JSONTableOrdinality(name: name, range: range(from: start)))
    }
    let type = try parseTypeName()
    let format = try parseJSONFormat()
    let path: StringLiteral? = accept(.path) ? try parseText() : nil
    guard let format else {
      let (onEmpty, onError) = try parseJSONValueBehaviors()
      return .value(
        JSONTableValue(
          name: name,
          type: type,
          path: path,
          onEmpty: onEmpty,
          onError: onError,
          range: range(from: start)
        )
      )
    }
    let wrapper = try parseJSONWrapper()
    let quotes = try parseJSONQuotes()
    let (onEmpty, onError) = try parseJSONQueryBehaviors()
    return .query(
      JSONTableQuery(
        name: name,
        type: type,
        format: format,
        path: path,
        wrapper: wrapper,
        quotes: quotes,
        onEmpty: onEmpty,
        onError: onError,
        range: range(from: start)
      )
    )
  }

  /// Whether NESTED PATH with a path comes here, rather than a column `nested` of a type `path`.
  private var isNestedPath: Bool { peek().kind == .keyword(.path) && startsText(peek(2)) }

  private func startsText(_ token: Token) -> Bool {
    switch token.kind {
    case .string, .unicodeString, .escapedString: true
    default: false
    }
  }

  private mutating func parseJSONTableNested() throws(SQLError) -> JSONTableColumn {
    let start = index
    advance()
    _ = accept(.path)
    let path = try parseText()
    let name: Identifier? = accept(.as) ? try parseIdentifier() : nil
    let columns = try parseJSONTableColumns()
    return .nested(
      JSONTableNested(path: path, pathName: name, columns: columns, range: range(from: start))
    )
  }

  private mutating func parseJSONTablePlan() throws(SQLError) -> JSONTablePlan? {
    guard accept(.plan) else { return nil }
    let isDefault = accept(.default)
    try expect(.leftParenthesis)
    let plan: JSONTablePlan =
      isDefault ? try parseJSONTableDefaultPlan() : .specific(try parseJSONTableSpecificPlan())
    try expect(.rightParenthesis)
    return plan
  }

  private mutating func parseJSONTableDefaultPlan() throws(SQLError) -> JSONTablePlan {
    func parent(_ word: Keyword?) -> JSONTableParentJoin? {
      word.map { $0 == .outer ? .outer : .inner }
    }
    func siblings(_ word: Keyword?) -> JSONTableSiblingJoin? {
      word.map { $0 == .union ? .union : .cross }
    }
    switch try expect(oneOf: .outer, .inner, .union, .cross) {
    case let first where first == .outer || first == .inner:
      let second: Keyword? = accept(.comma) ? try expect(oneOf: .union, .cross) : nil
      return .default(parent: parent(first), siblings: siblings(second))
    case let first:
      let second: Keyword? = accept(.comma) ? try expect(oneOf: .outer, .inner) : nil
      return .default(parent: parent(second), siblings: siblings(first))
    }
  }

  private mutating func parseJSONTableSpecificPlan() throws(SQLError) -> JSONTablePlanPart {
    let outer = try open()
    defer { close(outer) }
    let start = index
    let isEnclosed = isAt(.leftParenthesis)
    let first = try parseJSONTablePlanPart()
    if !isEnclosed, case .path(let name) = first.kind, let word = accept(oneOf: .outer, .inner) {
      let child = try parseJSONTablePlanPart()
      return JSONTablePlanPart(
        kind: .parent(name, word == .outer ? .outer : .inner, child),
        range: range(from: start)
      )
    }
    guard let word = accept(oneOf: .union, .cross) else {
      // A plan in parentheses alone is none.
      guard !isEnclosed else { throw unexpected() }
      return first
    }
    var parts = [first]
    repeat { parts.append(try parseJSONTablePlanPart()) } while accept(word)
    return JSONTablePlanPart(
      kind: .siblings(word == .union ? .union : .cross, parts),
      range: range(from: start)
    )
  }

  private mutating func parseJSONTablePlanPart() throws(SQLError) -> JSONTablePlanPart {
    let start = index
    if accept(.leftParenthesis) {
      let plan = try parseJSONTableSpecificPlan()
      try expect(.rightParenthesis)
      return plan
    }
    let name = try parseIdentifier()
    return JSONTablePlanPart(kind: .path(name), range: range(from: start))
  }
}
