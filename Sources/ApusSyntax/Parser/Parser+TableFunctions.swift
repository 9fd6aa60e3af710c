import ApusValues

// Grammar/Query.grammar: tableFunctionCall and what it is made of.
extension Parser {
  /// Words that may follow a table that is an argument.
  private static let notArgumentAliases: Set<Keyword> = [.copartition, .keep, .partition, .prune]

  mutating func parseTableFunction() throws(SQLError) -> Relation {
    let start = index
    advance()
    try expect(.leftParenthesis)
    let name = try parseQualifiedName()
    try expect(.leftParenthesis)
    var arguments: [TableFunctionArgument] = []
    var copartitions: [[QualifiedName]] = []
    note(.symbol(.rightParenthesis))
    if !isAt(.rightParenthesis), !isAt(.copartition) || peek().kind == .symbol(.argumentArrow) {
      repeat { arguments.append(try parseTableFunctionArgument()) } while accept(.comma)
    }
    note(.keyword(.copartition))
    if accept(.copartition) {
      repeat { copartitions.append(try parseCopartition()) } while accept(.comma)
    }
    try expect(.rightParenthesis)
    try expect(.rightParenthesis)
    return .tableFunction(
      TableFunctionRelation(
        name: name,
        arguments: arguments,
        copartitions: copartitions,
        range: range(from: start)
      )
    )
  }

  /// Reads `name =>`, if it is there.
  mutating func parseArgumentName() throws(SQLError) -> Identifier? {
    guard isIdentifier(current), peek().kind == .symbol(.argumentArrow) else { return nil }
    let name = try parseIdentifier()
    advance()
    return name
  }

  private mutating func parseTableFunctionArgument() throws(SQLError) -> TableFunctionArgument {
    let start = index
    let name = try parseArgumentName()
    note(.keyword(.table))
    note(.keyword(.descriptor))
    let value: TableFunctionValue =
      switch current.kind {
      case .keyword(.table): .table(try parseTableArgument())
      case .keyword(.descriptor): .descriptor(try parseDescriptor())
      case .keyword(.copartition): throw unexpected()
      default: .expression(try parseExpression())
      }
    return TableFunctionArgument(name: name, value: value, range: range(from: start))
  }

  private mutating func parseTableArgument() throws(SQLError) -> TableArgument {
    let start = index
    let relation = try parseArgumentRelation()
    var partitionBy: [Expression]?
    if accept(.partition) {
      try expect(.by)
      partitionBy = try parsePartitionKeys()
    }
    var treatment: EmptyTreatment?
    if let word = accept(oneOf: .prune, .keep) {
      treatment = word == .prune ? .prune : .keep
      try expect(.when)
      try expect(.empty)
    }
    var orderBy: [SortItem] = []
    if isAt(.order), peek().kind == .keyword(.by), peek(2).kind == .symbol(.leftParenthesis) {
      advance()
      advance()
      advance()
      repeat { orderBy.append(try parseSortItem()) } while accept(.comma)
      try expect(.rightParenthesis)
    } else if accept(.order) {
      try expect(.by)
      note(.symbol(.leftParenthesis))
      let itemStart = index
      orderBy = [try parseSortItem(of: try parseColumnName(), from: itemStart)]
    }
    return TableArgument(
      relation: relation,
      partitionBy: partitionBy,
      emptyTreatment: treatment,
      orderBy: orderBy,
      range: range(from: start)
    )
  }

  /// Reads `TABLE(t) AS a (x)` or `TABLE(SELECT …)`.
  private mutating func parseArgumentRelation() throws(SQLError) -> Relation {
    try expect(.table)
    let inside = index
    try expect(.leftParenthesis)
    var relation: Relation
    note(.rule(.query))
    if startsQuery || isAt(.leftParenthesis) {
      let query = try parseQuery()
      try expect(.rightParenthesis)
      relation = .subquery(SubqueryRelation(query: query, range: range(from: inside)))
    } else {
      let nameStart = index
      let name = try parseQualifiedName()
      relation = .table(TableRelation(name: name, range: range(from: nameStart)))
      try expect(.rightParenthesis)
    }
    note(.keyword(.as))
    var alias: Identifier?
    if accept(.as) {
      alias = try parseIdentifier()
    } else {
      alias = acceptIdentifier(except: Self.notArgumentAliases)
    }
    guard let alias else { return relation }
    note(.symbol(.leftParenthesis))
    let columnAliases = isAt(.leftParenthesis) ? try parseIdentifierList() : []
    try grow()
    relation = .aliased(
      AliasedRelation(
        relation: relation,
        alias: alias,
        columnAliases: columnAliases,
        range: range(from: inside)
      )
    )
    return relation
  }

  private mutating func parsePartitionKeys() throws(SQLError) -> [Expression] {
    note(.symbol(.leftParenthesis))
    guard isAt(.leftParenthesis) else { return [try parseColumnName()] }
    advance()
    var keys: [Expression] = []
    note(.symbol(.rightParenthesis))
    if !isAt(.rightParenthesis) {
      repeat { keys.append(try parseExpression()) } while accept(.comma)
    }
    try expect(.rightParenthesis)
    return keys
  }

  /// Reads a column, perhaps with its table before it.
  private mutating func parseColumnName() throws(SQLError) -> Expression {
    let start = index
    var expression = Expression.identifier(try parseIdentifier(except: Self.notInExpressions))
    while accept(.point) {
      let field = try parseIdentifier()
      try grow()
      expression = .dereference(
        DereferenceExpression(base: expression, field: field, range: range(from: start))
      )
    }
    return expression
  }

  private mutating func parseDescriptor() throws(SQLError) -> DescriptorArgument {
    let start = index
    try expect(.descriptor)
    try expect(.leftParenthesis)
    var fields: [DescriptorField] = []
    repeat { fields.append(try parseDescriptorField()) } while accept(.comma)
    try expect(.rightParenthesis)
    return DescriptorArgument(fields: fields, range: range(from: start))
  }

  private mutating func parseDescriptorField() throws(SQLError) -> DescriptorField {
    let start = index
    let name = try parseIdentifier()
    note(.symbol(.comma))
    note(.symbol(.rightParenthesis))
    let hasType = !isAt(.comma) && !isAt(.rightParenthesis)
    let type = hasType ? try parseTypeName() : nil
    return DescriptorField(name: name, type: type, range: range(from: start))
  }

  private mutating func parseCopartition() throws(SQLError) -> [QualifiedName] {
    try expect(.leftParenthesis)
    var names = [try parseQualifiedName()]
    try expect(.comma)
    repeat { names.append(try parseQualifiedName()) } while accept(.comma)
    try expect(.rightParenthesis)
    return names
  }
}
