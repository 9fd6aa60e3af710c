import ApusCatalog
import ApusConnectors
import ApusEngine
import ApusPlanner
import ApusSyntax
import ApusValues
import ApusVectors

extension StatementExecution {
  /// Runs ANALYZE: reads the columns of a table and keeps in the catalog how many rows there are and
  /// what is in them. Answers the number of rows.
  func run(_ node: AnalyzeStatement) throws(SQLError) -> QueryResult {
    let table = try statisticsTable(node.table)
    let fields = try analyzedColumns(node, of: table)
    let run = try start(try plan(try statisticsQuery(node.table, fields)))
    try cancellation.attach(run)
    var row: [Value] = []
    while let batch = try run.next() { row = batch.columns.map { $0.value(0) } }
    try cancellation.check()
    guard case .integer(let rowCount)? = row.first else {
      throw .internal("a count without a number")
    }
    var values = row.dropFirst()
    let columns = fields.map { field in
      let counted = values.removeFirst().integer ?? 0
      let distinct = values.removeFirst().integer ?? 0
      let minimum = values.removeFirst()
      let maximum = values.removeFirst()
      return StoredColumnStatistics(
        name: field.name,
        type: field.type.description,
        nullCount: Int(rowCount) - counted,
        minimum: minimum,
        maximum: maximum,
        // An estimate may be more than there can be.
        distinctCount: min(distinct, counted),
        byteCount: values.removeFirst().integer
      )
    }
    try catalog.files.keep(
      StoredTableStatistics(
        rowCount: Int(rowCount),
        byteCount: try catalog.files.byteCount(of: table),
        columns: columns
      ),
      of: table
    )
    return try wrote(Int(rowCount), .analyze, run.statistics)
  }

  /// Runs SHOW STATS: a row for each column, then one for the table, as in Trino.
  func showStatistics(of name: TableName) throws(SQLError) -> QueryResult {
    let table = try statisticsTable(name)
    let statistics = table.statistics(for: [:])
    let rowCount = statistics.rowCount.map(Double.init)
    func number(_ value: Double?) -> Value { value.map { .double($0) } ?? .null }
    var rows: [[Value]] = []
    for (index, field) in table.visibleFields.enumerated() {
      let column = statistics.columns[index]
      let nulls = column?.nullCount.map(Double.init)
      // Trino gives bounds of what can be put on a line only.
      func bound(_ value: Value?) -> Value {
        guard field.type.physicalType != .string, field.type != .boolean else { return .null }
        return value?.text(as: field.type).map { .text($0) } ?? .null
      }
      rows.append([
        .text(field.name), number(column?.byteCount.map(Double.init)),
        number(column?.distinctCount.map(Double.init)),
        number(
          nulls.flatMap { nulls in rowCount.map { $0 > 0 ? min(1, nulls / $0) : 0 } }
        ),
        .null, bound(column?.minimum), bound(column?.maximum),
      ])
    }
    return try answer(statistics: rows, rowCount: rowCount)
  }

  /// Runs SHOW STATS FOR (query): what the planner thinks of the rows, without reading them.
  func showStatistics(of query: Query) throws(SQLError) -> QueryResult {
    let plan = try plan(query)
    let estimate = plan.outputEstimate
    var rows: [[Value]] = []
    for (column, known) in zip(plan.output, estimate.columns) {
      func bound(_ value: Double?) -> Value {
        guard let value else { return .null }
        switch column.type {
        case .tinyint, .smallint, .integer, .bigint, .date, .timestamp:
          guard let number = Int64(exactly: value.rounded()) else { return .null }
          return Value.integer(number).text(as: column.type).map { .text($0) } ?? .null
        case .double, .real:
          return Value.double(value).text(as: .double).map { .text($0) } ?? .null
        default:
          return .null
        }
      }
      rows.append([
        .text(column.name), .null, known.distinctCount.map { .double($0) } ?? .null,
        known.nullFraction.map { .double($0) } ?? .null, .null, bound(known.minimum),
        bound(known.maximum),
      ])
    }
    return try answer(statistics: rows, rowCount: estimate.rowCount)
  }

  /// Answers what is known of columns, then of the table.
  private func answer(statistics rows: [[Value]], rowCount: Double?) throws(SQLError)
    -> QueryResult
  {
    let total: [Value] = [
      .null, .null, .null, .null, rowCount.map { .double($0) } ?? .null, .null, .null,
    ]
    return try answer(
      .showStatistics,
      [
        "column_name": .text, "data_size": .double, "distinct_values_count": .double,
        "nulls_fraction": .double, "row_count": .double, "low_value": .text, "high_value": .text,
      ],
      rows: rows + [total]
    )
  }

  /// Finds a table of files.
  ///
  /// - Throws: TABLE_NOT_FOUND; NOT_SUPPORTED for views and for tables that are computed.
  private func statisticsTable(_ node: TableName) throws(SQLError) -> any Table {
    switch node {
    case .path(let path):
      return try located(path) { () throws(SQLError) in try catalog.table(atPath: path.value) }
    case .name(let name):
      let full = try resolve(name)
      let relation = try located(name) { () throws(SQLError) in
        try catalog.relation([full.database, full.name])
      }
      switch relation {
      case .table(let table)? where catalog.files.keepsStatistics(of: table): return table
      case .table?: throw .notSupported("Statistics of '\(full)'", at: name.range)
      case .view?: throw .notSupported("Statistics of '\(full)', which is a view,", at: name.range)
      case nil: throw notFound(full, at: name.range)
      }
    }
  }

  /// The columns that ANALYZE is to look at, by default all that lie in files.
  ///
  /// - Throws: INVALID_ANALYZE_PROPERTY, COLUMN_NOT_FOUND; NOT_SUPPORTED for single partitions.
  private func analyzedColumns(_ node: AnalyzeStatement, of table: any Table) throws(SQLError)
    -> [Field]
  {
    var wanted: [StringLiteral]?
    for property in node.properties {
      switch property.name.value.lowercased() {
      case "columns":
        guard let names = property.value.textArray else {
          throw SQLError(
            .invalidAnalyzeProperty,
            "Invalid value for analyze property 'columns'",
            at: property.value.range,
            hint: "It takes names as ARRAY['a', 'b']."
          )
        }
        wanted = names
      case "partitions":
        throw .notSupported(
          "ANALYZE of some partitions",
          at: property.name.range,
          hint: "ANALYZE without 'partitions' looks at all of them."
        )
      default:
        throw SQLError(
          .invalidAnalyzeProperty,
          "Analyze property '\(property.name.value)' does not exist",
          at: property.name.range,
          hint: nearestName(to: property.name.value, among: ["columns", "partitions"]).map {
            "Did you mean '\($0)'?"
          }
        )
      }
    }
    let fields = Array(table.schema.fields[..<table.partitionColumns.lowerBound])
    guard let wanted else { return fields.filter { $0.type != .unknown } }
    return try wanted.map { name throws(SQLError) in
      guard let field = fields.first(where: { $0.name == name.value.lowercased() }) else {
        throw SQLError(
          .columnNotFound,
          "Column '\(name.value)' is no column of the table's files",
          at: name.range
        )
      }
      return field
    }
  }

  /// Makes the query whose one row tells of all rows: their number, then for each column the values
  /// that are not NULL, different ones, the least, the greatest, and the bytes of texts.
  private func statisticsQuery(_ name: TableName, _ fields: [Field]) throws(SQLError) -> Query {
    var items = ["count(*)"]
    for field in fields {
      let quoted = field.name.split(separator: "\"", omittingEmptySubsequences: false)
        .joined(separator: "\"\"")
      let column = "\"\(quoted)\""
      items += ["count", "approx_distinct", "min", "max"].map { "\($0)(\(column))" }
      switch field.type {
      case .varchar, .char: items.append("sum(length(to_utf8(\(column))))")
      case .varbinary: items.append("sum(length(\(column)))")
      default: items.append("CAST(NULL AS bigint)")
      }
    }
    let text = "SELECT \(items.joined(separator: ", ")) FROM \(source(of: name))"
    guard case .query(let query) = try parseStatement(text) else {
      throw .internal("a query that is none")
    }
    return query
  }
}

extension StatementExecution {
  /// The statement's text at a node.
  private func source(of node: some SyntaxNode) -> String {
    let bytes = text.utf8.dropFirst(node.range.start).prefix(node.range.end - node.range.start)
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension Value {
  fileprivate var integer: Int? {
    if case .integer(let value) = self { Int(value) } else { nil }
  }
}

extension ApusSyntax.Expression {
  /// The texts of `ARRAY['a', 'b']`; nil for any other expression.
  var textArray: [StringLiteral]? {
    guard case .array(let array) = self else { return nil }
    var literals: [StringLiteral] = []
    for element in array.elements {
      guard case .string(let literal) = element else { return nil }
      literals.append(literal)
    }
    return literals
  }
}
