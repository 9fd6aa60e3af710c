import ApusPlanner
import ApusSyntax
import ApusValues
import ApusVectors
import Testing

/// A table that only describes itself.
struct DescribedTable: Table {
  var schema: Schema
  var rowCount: Int
  var columns: [Int: ColumnStatistics] = [:]

  /// The tables here differ in their columns.
  var identity: String? { schema.fields.map(\.name).joined(separator: ",") }

  func statistics(for domains: [Int: ColumnDomain]) -> TableStatistics {
    TableStatistics(rowCount: rowCount, columns: columns)
  }

  func scan(_ request: ScanRequest) throws(SQLError) -> any TableScan {
    throw .notSupported("Scanning a described table")
  }
}

/// Orders and lines of an order, customers, a calendar, and two views.
struct PlannerCatalog: Catalog {
  private static func table(
    _ rowCount: Int,
    keys: [Int: ClosedRange<Int>],
    _ fields: (String, SQLType)...
  )
    -> CatalogRelation
  {
    .table(
      DescribedTable(
        schema: Schema(fields.map { Field(name: $0.0, type: $0.1) }),
        rowCount: rowCount,
        columns: keys.mapValues {
          ColumnStatistics(
            minimum: .integer(Int64($0.lowerBound)),
            maximum: .integer(Int64($0.upperBound))
          )
        }
      )
    )
  }

  static let relations: [String: CatalogRelation] = [
    "customers": table(
      1000,
      keys: [0: 1...1000],
      ("id", .bigint),
      ("name", .text),
      ("nation", .varchar(length: 2))
    ),
    "orders": table(
      10_000,
      keys: [0: 1...10_000, 1: 1...1000],
      ("id", .bigint),
      ("customer_id", .bigint),
      ("day", .date),
      ("total", .decimal(precision: 15, scale: 2)),
      ("month", .integer)
    ),
    "lines": table(
      40_000,
      keys: [0: 1...10_000, 4: 20_001...23_000],
      ("order_id", .bigint),
      ("quantity", .integer),
      ("price", .double),
      ("part", .text),
      ("ship_day", .bigint)
    ),
    "days": table(
      36_500,
      keys: [0: 1...36_500, 1: 1951...2050],
      ("id", .bigint),
      ("year", .integer),
      ("season", .text)
    ),
    "big_orders": .view(
      query: "SELECT id, total FROM orders WHERE total > DECIMAL '100'",
      catalog: PlannerCatalog()
    ),
    "broken": .view(query: "SELECT missing FROM orders", catalog: PlannerCatalog()),
    "halves": .view(query: "SELECT id, total / 2 AS half FROM orders", catalog: PlannerCatalog()),
    "snake": .view(query: "SELECT * FROM snake", catalog: PlannerCatalog()),
  ]

  func relation(_ name: [String], preferring values: [String: Value]) throws(SQLError)
    -> CatalogRelation?
  {
    guard name.count == 1 || name.first == "default" else { return nil }
    return PlannerCatalog.relations[name[name.count - 1]]
  }

  func table(atPath path: String, preferring values: [String: Value]) throws(SQLError)
    -> any Table
  {
    throw SQLError(.tableNotFound, "No files match '\(path)'")
  }

  func relationNames() throws(SQLError) -> [String] { Array(PlannerCatalog.relations.keys) }
}

/// A handful of functions of each kind.
struct PlannerFunctions: FunctionRegistry {
  static let list: [FunctionSignature] = [
    FunctionSignature("count", kind: .aggregate, [], returns: .type(.bigint), summary: ""),
    FunctionSignature("count", kind: .aggregate, [.any], returns: .type(.bigint), summary: ""),
    FunctionSignature(
      "sum",
      kind: .aggregate,
      [.type(.bigint)],
      returns: .type(.bigint),
      summary: ""
    ),
    FunctionSignature(
      "sum",
      kind: .aggregate,
      [.anyDecimal],
      returns: .computed { types in
        if case .decimal(_, let scale)? = types.first {
          .decimal(precision: 38, scale: scale)
        } else {
          .unknown
        }
      },
      summary: ""
    ),
    FunctionSignature(
      "sum",
      kind: .aggregate,
      [.type(.double)],
      returns: .type(.double),
      summary: ""
    ),
    FunctionSignature("min", kind: .aggregate, [.any], returns: .parameter(0), summary: ""),
    FunctionSignature("max", kind: .aggregate, [.any], returns: .parameter(0), summary: ""),
    FunctionSignature("row_number", kind: .window, [], returns: .type(.bigint), summary: ""),
    FunctionSignature("upper", [.anyVarchar], returns: .parameter(0), summary: ""),
    FunctionSignature(
      "concat",
      [.anyVarchar],
      isVariadic: true,
      returns: .type(.text),
      summary: ""
    ),
    FunctionSignature("year", [.type(.date)], returns: .type(.bigint), summary: ""),
    FunctionSignature("random", [], returns: .type(.double), isDeterministic: false, summary: ""),
  ]

  func signatures(named name: String) -> [FunctionSignature] {
    PlannerFunctions.list.filter { $0.name == name }
  }

  var names: [String] { Array(Set(PlannerFunctions.list.map(\.name))).sorted() }
}

/// Plans a query over the catalog above.
func plan(_ sql: String, disabledRules: Set<String> = []) throws -> LogicalPlan {
  guard case .query(let query) = try parseStatement(sql) else {
    throw SQLError.internal("not a query")
  }
  return try QueryPlanner(
    catalog: PlannerCatalog(),
    functions: PlannerFunctions(),
    context: PlanningContext(disabledRules: disabledRules)
  ).plan(query)
}

/// Checks the plan of a query line by line.
func expectPlan(
  _ sql: String,
  _ expected: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  do {
    let lines = try plan(sql).explained().joined(separator: "\n")
    #expect(lines == expected, sourceLocation: sourceLocation)
  } catch {
    Issue.record("\(sql): \(error)", sourceLocation: sourceLocation)
  }
}

/// Checks that a query is refused with a code at a place.
func expectError(
  _ sql: String,
  _ code: ErrorCode,
  at place: String?,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  do {
    let result = try plan(sql)
    Issue.record("\(sql) was planned: \(result.explained())", sourceLocation: sourceLocation)
  } catch let error as SQLError {
    #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
    let found = error.range.map { LineAndColumn(offset: $0.start, in: sql).description }
    #expect(found == place, "\(error)", sourceLocation: sourceLocation)
  } catch {
    Issue.record("\(sql): \(error)", sourceLocation: sourceLocation)
  }
}
