import ApusValues

// Grammar/Statements/CreateTable.grammar and CreateTableAs.grammar, which begin alike.
extension Parser {
  mutating func parseCreateTable() throws(SQLError) -> Statement {
    let start = index
    try expect(.create)
    let isExternal = accept(.external)
    try expect(.table)
    let ifNotExists = try acceptIfNotExists()
    let name = try parseQualifiedName()
    if accept(.like) {
      var statement = try parseTableLike(name, start)
      statement.isExternal = isExternal
      statement.ifNotExists = ifNotExists
      return .createTableLike(statement)
    }
    var columns: [ColumnDeclaration] = []
    var columnAliases: [Identifier] = []
    note(.symbol(.leftParenthesis))
    let hasAliases = !isExternal && startsColumnAliases
    if hasAliases {
      columnAliases = try parseIdentifierList()
    } else if isAt(.leftParenthesis) {
      let elements = try parseTableElements(withLike: !isExternal)
      columns = elements.compactMap { if case .column(let column) = $0 { column } else { nil } }
      if columns.count < elements.count {
        var statement = try parseTableLike(name, elements, start)
        statement.ifNotExists = ifNotExists
        return .createTableLike(statement)
      }
    }
    let comment = try acceptText(after: .comment)
    if !isExternal, columns.isEmpty {
      note(.keyword(.with))
      note(.keyword(.as))
      if hasAliases || isAt(.with) || isAt(.as) {
        var statement = try parseCreateTableAs(name, columnAliases, start)
        statement.ifNotExists = ifNotExists
        statement.comment = comment
        return .createTableAs(statement)
      }
    }
    var statement = try parseTableClauses(name, start)
    statement.isExternal = isExternal
    statement.ifNotExists = ifNotExists
    statement.columns = columns
    statement.comment = comment
    return .createTable(statement)
  }

  /// Whether names without types stand in the parentheses here.
  private var startsColumnAliases: Bool {
    guard isAt(.leftParenthesis), isIdentifier(peek()) else { return false }
    let next = peek(2).kind
    return next == .symbol(.comma) || next == .symbol(.rightParenthesis)
  }

  /// Reads what follows the comment of a table made of a query.
  private mutating func parseCreateTableAs(
    _ name: QualifiedName,
    _ columnAliases: [Identifier],
    _ start: Int
  ) throws(SQLError) -> CreateTableAsStatement {
    let properties = try parseTableProperties()
    try expect(.as)
    let query = try parseQuery()
    var withData = true
    if accept(.with) {
      withData = !accept(.no)
      try expect(.data)
    }
    return CreateTableAsStatement(
      name: name,
      columnAliases: columnAliases,
      properties: properties,
      query: query,
      withData: withData,
      range: range(from: start)
    )
  }

  /// Reads WITH (…), if it is there.
  mutating func parseTableProperties() throws(SQLError) -> [TableProperty] {
    guard accept(.with) else { return [] }
    var properties: [TableProperty] = []
    try expect(.leftParenthesis)
    repeat { properties.append(try parseTableProperty()) } while accept(.comma)
    try expect(.rightParenthesis)
    return properties
  }

  private mutating func parseTableProperty() throws(SQLError) -> TableProperty {
    let start = index
    let name = try parseIdentifier()
    try expect(.equal)
    let value = try parseExpression()
    return TableProperty(name: name, value: value, range: range(from: start))
  }

  /// Reads what follows the comment of a table over files.
  private mutating func parseTableClauses(
    _ name: QualifiedName,
    _ start: Int
  ) throws(SQLError) -> CreateTableStatement {
    var partitionedBy: [PartitionElement] = []
    if accept(.partitioned) {
      try expect(.by)
      try expect(.leftParenthesis)
      repeat { partitionedBy.append(try parsePartitionElement()) } while accept(.comma)
      try expect(.rightParenthesis)
    }
    note(.keyword(.clustered))
    let buckets = isAt(.clustered) ? try parseBuckets() : nil
    var serdeProperties: [TextProperty] = []
    let rowFormat = try parseRowFormat(&serdeProperties)
    let storedAs = try parseStorageFormat(&serdeProperties)
    guard let location = try acceptText(after: .location) else { throw missingLocation() }
    let properties = accept(.tblproperties) ? try parseTextProperties() : []
    return CreateTableStatement(
      name: name,
      partitionedBy: partitionedBy,
      buckets: buckets,
      rowFormat: rowFormat,
      serdeProperties: serdeProperties,
      storedAs: storedAs,
      location: location,
      properties: properties,
      range: range(from: start)
    )
  }

  /// Returns the error that something stands where LOCATION may at the latest.
  private func missingLocation() -> SQLError {
    var error = unexpected()
    guard error.hint == nil else { return error }
    switch current.kind {
    case .end, .symbol(.semicolon):
      error.hint = "Say where the table's files are: LOCATION 's3://bucket/folder/'."
    case .keyword(.tblproperties):
      error.hint = "LOCATION comes before TBLPROPERTIES."
    case .keyword(.comment), .keyword(.partitioned), .keyword(.clustered), .keyword(.row),
      .keyword(.stored):
      error.hint =
        "The clauses stand in this order: COMMENT, PARTITIONED BY, CLUSTERED BY, ROW FORMAT, "
        + "STORED AS, LOCATION, TBLPROPERTIES."
    default:
      break
    }
    return error
  }

  mutating func parseColumnDeclarations() throws(SQLError) -> [ColumnDeclaration] {
    try expect(.leftParenthesis)
    var columns: [ColumnDeclaration] = []
    repeat { columns.append(try parseColumnDeclaration()) } while accept(.comma)
    try expect(.rightParenthesis)
    return columns
  }

  mutating func parseColumnDeclaration() throws(SQLError) -> ColumnDeclaration {
    let start = index
    let name = try parseIdentifier()
    let type = try parseTypeName()
    let comment = try acceptText(after: .comment)
    return ColumnDeclaration(name: name, type: type, comment: comment, range: range(from: start))
  }

  /// Reads a column with its type, or a name that no type follows, or a function of one.
  private mutating func parsePartitionElement() throws(SQLError) -> PartitionElement {
    let start = index
    switch peek().kind {
    case .symbol(.comma), .symbol(.rightParenthesis):
      let column = try parseIdentifier()
      return .transform(PartitionTransform(column: column, range: range(from: start)))
    case .symbol(.leftParenthesis):
      let function = try parseIdentifier()
      try expect(.leftParenthesis)
      var width: Int?
      note(.rule(.integer))
      if current.kind == .integer {
        width = try parseNumber()
        try expect(.comma)
      }
      let column = try parseIdentifier()
      try expect(.rightParenthesis)
      return .transform(
        PartitionTransform(
          function: function,
          width: width,
          column: column,
          range: range(from: start)
        )
      )
    default:
      return .column(try parseColumnDeclaration())
    }
  }

  private mutating func parseBuckets() throws(SQLError) -> BucketClause {
    let start = index
    try expect(.clustered)
    try expect(.by)
    let columns = try parseIdentifierList()
    var sortedBy: [SortedColumn] = []
    if accept(.sorted) {
      try expect(.by)
      try expect(.leftParenthesis)
      repeat { sortedBy.append(try parseSortedColumn()) } while accept(.comma)
      try expect(.rightParenthesis)
    }
    try expect(.into)
    let count = try parseNumber()
    try expect(.buckets)
    return BucketClause(
      columns: columns,
      sortedBy: sortedBy,
      count: count,
      range: range(from: start)
    )
  }

  private mutating func parseSortedColumn() throws(SQLError) -> SortedColumn {
    let start = index
    let name = try parseIdentifier()
    let direction = accept(oneOf: .asc, .desc)
    return SortedColumn(name: name, isDescending: direction == .desc, range: range(from: start))
  }
}
