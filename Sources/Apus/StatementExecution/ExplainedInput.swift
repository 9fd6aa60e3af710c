import ApusCatalog
import ApusPlanner
import ApusValues
import ApusVectors

/// What a plan reads and writes, as EXPLAIN (TYPE IO) tells it: the members are Trino's.
struct ExplainedInput {
  private let plan: LogicalPlan
  private let catalog: SessionCatalog

  init(_ plan: LogicalPlan, _ catalog: SessionCatalog) {
    self.plan = plan
    self.catalog = catalog
  }

  var json: JSONText {
    var inputs: [JSONText] = []
    var output: JSONText?
    func visit(_ plan: LogicalPlan) {
      switch plan {
      case .scan(let scan) where !(scan.table is WorkingTable):
        inputs.append(json(scan, rowCount: plan.estimatedRowCounts.first))
      case .tableWrite(let write):
        output = json(table: write.target.description)
      default:
        break
      }
      for child in plan.children { visit(child) }
    }
    visit(plan)
    var members: [(String, JSONText)] = [("inputTableColumnInfos", .array(inputs))]
    if let output { members.append(("outputTable", output)) }
    members.append(("estimate", estimate(plan.estimatedRowCounts.first)))
    return .object(members)
  }

  private func json(_ scan: Scan, rowCount: Double?) -> JSONText {
    let constraints = scan.constraints.map { column, domain -> JSONText in
      .object([
        ("columnName", .text(column)), ("type", .text(domain.type.description)),
        ("domain", json(domain)),
      ])
    }
    return .object([
      ("table", json(table: scan.name)),
      (
        "constraint",
        .object([("none", .boolean(false)), ("columnConstraints", .array(constraints))])
      ),
      ("estimate", estimate(rowCount)),
    ])
  }

  /// A path is the name of a table in no schema.
  private func json(table name: String) -> JSONText {
    let name = name.hasPrefix("table ") ? String(name.dropFirst("table ".count)) : name
    var schema = JSONText.null
    var table = name
    if !name.hasPrefix("'"),
      let full = try? catalog.complete(name.split(separator: ".").map { $0.lowercased() })
    {
      schema = .text(full.database)
      table = full.name
    }
    return .object([
      ("catalog", .text(Warehouse.catalogName)),
      ("schemaTable", .object([("schema", schema), ("table", .text(table))])),
    ])
  }

  private func json(_ domain: ColumnDomain) -> JSONText {
    func marker(_ value: Value?, isInclusive: Bool, open: String) -> JSONText {
      guard let value else { return .object([("bound", .text(open))]) }
      return .object([
        ("value", value.text(as: domain.type).map { .text($0) } ?? .null),
        ("bound", .text(isInclusive ? "EXACTLY" : open)),
      ])
    }
    return .object([
      ("nullsAllowed", .boolean(domain.allowsNull)),
      (
        "ranges",
        .array(
          domain.ranges.map { range in
            .object([
              ("low", marker(range.lower, isInclusive: range.lowerIsInclusive, open: "ABOVE")),
              ("high", marker(range.upper, isInclusive: range.upperIsInclusive, open: "BELOW")),
            ])
          }
        )
      ),
    ])
  }

  private func estimate(_ rowCount: Double?) -> JSONText {
    .object([
      (
        "outputRowCount",
        rowCount.flatMap { Int(exactly: $0.rounded()) }.map { .integer($0) } ?? .null
      )
    ])
  }
}
