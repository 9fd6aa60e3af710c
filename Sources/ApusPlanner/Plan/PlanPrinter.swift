import ApusValues
public import ApusVectors

extension LogicalPlan {
  /// Returns the plan as EXPLAIN shows it: one line a node, inputs below, indented.
  ///
  /// - Parameter annotation: what to add below a node, by its position in pre-order.
  public func explained(annotation: (Int) -> String? = { _ in nil }) -> [String] {
    var lines: [String] = []
    var position = 0
    describe(prefix: "", childPrefix: "", position: &position, into: &lines, annotation)
    return lines
  }

  private func describe(
    prefix: String,
    childPrefix: String,
    position: inout Int,
    into lines: inout [String],
    _ annotation: (Int) -> String?
  ) {
    let children = self.children
    lines.append(prefix + title)
    let detailPrefix = childPrefix + (children.isEmpty ? "     " : "│    ")
    for detail in details { lines.append(detailPrefix + detail) }
    if let annotation = annotation(position) { lines.append(detailPrefix + annotation) }
    position += 1
    for (index, child) in children.enumerated() {
      let isLast = index == children.count - 1
      child.describe(
        prefix: childPrefix + (isLast ? "└─ " : "├─ "),
        childPrefix: childPrefix + (isLast ? "   " : "│  "),
        position: &position,
        into: &lines,
        annotation
      )
    }
  }

  /// The node's name with what it does.
  private var title: String {
    switch self {
    case .scan(let node):
      "Scan[\(node.name)] => [\(node.output.list)]"
    case .values(let node):
      "Values[\(node.rows.count) \(node.rows.count == 1 ? "row" : "rows")]"
    case .filter(let node):
      "Filter[\(node.predicate)]"
    case .project(let node):
      "Project[\(node.assignments.map(\.description).joined(separator: ", "))]"
    case .aggregate(let node):
      "Aggregate[\(node.summary)]"
    case .join(let node):
      node.title
    case .sort(let node):
      "Sort[\(node.keys.map(\.description).joined(separator: ", "))]"
    case .topN(let node):
      "TopN[\(node.count)\(node.offset > 0 ? " offset \(node.offset)" : "") by "
        + node.keys.map(\.description).joined(separator: ", ") + "]"
    case .limit(let node):
      "Limit[\(node.count.map(String.init) ?? "all")"
        + (node.offset > 0 ? " offset \(node.offset)" : "") + "]"
    case .window(let node):
      "Window[\(node.summary)]"
    case .matchRecognize(let node):
      "MatchRecognize[\(node.summary)] => [\(node.output.list)]"
    case .union(let node):
      "Union => [\(node.columns.list)]"
    case .unnest(let node):
      "\(node.isOuter ? "Left" : "")Unnest[\(node.sources.map(\.expression.description).joined(separator: ", "))]"
        + " => [\(node.added.list)]"
    case .shared(let node):
      "Shared[\(node.id)] => [\(node.columns.list)]"
    case .recursion(let node):
      "Recursion[up to \(node.maximumDepth) \(node.maximumDepth == 1 ? "step" : "steps")]"
        + " => [\(node.columns.list)]"
    case .enforceSingleRow:
      "EnforceSingleRow"
    case .tableWrite(let node):
      "TableWrite[\(node.columns.list) to \(node.target.description)] => [\(node.rowCount.name)]"
    }
  }

  /// The node's title in two: what it is, and what it does without the brackets around that.
  public var label: (name: String, detail: String) {
    switch self {
    case .scan(let node): return ("Scan", node.name)
    case .union: return ("Union", "")
    case .recursion(let node): return ("Recursion", "up to \(node.maximumDepth)")
    default:
      guard let bracket = title.firstIndex(of: "[") else { return (title, "") }
      let rest = title[bracket...].dropFirst()
      return (String(title[..<bracket]), String(rest.last == "]" ? rest.dropLast() : rest))
    }
  }

  /// Lines below the title: what a scan may skip by.
  private var details: [String] {
    guard case .scan(let node) = self else { return [] }
    var lines = node.constraints.map { column, domain in "\(column) :: \(domain.description)" }
    if let limit = node.limit { lines.append("limit \(limit)") }
    if let fraction = node.sampledFraction {
      lines.append("row groups by chance: \(fraction * 100)%")
    }
    return lines
  }
}

extension Scan {
  /// What the scan may skip by, by the names of columns.
  public var constraints: [(column: String, domain: ColumnDomain)] {
    domains.sorted { $0.key < $1.key }.compactMap { position, domain in
      table.schema.fields.indices.contains(position)
        ? (table.schema.fields[position].name, domain) : nil
    }
  }
}

extension [PlanColumn] {
  fileprivate var list: String { map(\.name).joined(separator: ", ") }
}

extension Project.Assignment: CustomStringConvertible {
  public var description: String {
    if case .column(let source) = expression, source.name == column.name { return column.name }
    return "\(column.name) := \(expression)"
  }
}

extension Aggregate {
  fileprivate var summary: String {
    let calls = aggregates.map { call in
      let arguments =
        call.arguments.isEmpty
        ? "*" : call.arguments.map(\.description).joined(separator: ", ")
      let distinct = call.isDistinct ? "DISTINCT " : ""
      let filter = call.filter.map { " FILTER (WHERE \($0))" } ?? ""
      let keys = call.orderBy.map(\.description).joined(separator: ", ")
      let order = keys.isEmpty ? "" : " ORDER BY \(keys)"
      return "\(call.function.name)(\(distinct)\(arguments)\(order))\(filter)"
    }
    let list = calls.joined(separator: ", ")
    if isGlobal { return list }
    var by = "by " + keys.list
    if let sets = groupingSets?.sets {
      by = "by " + sets.map { set in "(\(set.map { keys[$0] }.list))" }.joined(separator: ", ")
    }
    return list.isEmpty ? by : "\(list) \(by)"
  }
}

extension Join {
  fileprivate var title: String {
    let name =
      switch kind {
      case .inner: criteria.isEmpty && filter == nil ? "CrossJoin" : "InnerJoin"
      case .left: "LeftJoin"
      case .right: "RightJoin"
      case .full: "FullJoin"
      case .semi: "SemiJoin"
      case .anti: isNullAware ? "NullAwareAntiJoin" : "AntiJoin"
      case .rightSemi: "RightSemiJoin"
      case .rightAnti: "RightAntiJoin"
      case .mark(let column): "MarkJoin(\(column.name))"
      }
    let conditions =
      criteria.map { "\($0.left) = \($0.right)" } + (filter.map { ["\($0)"] } ?? [])
    return conditions.isEmpty ? name : "\(name)[\(conditions.joined(separator: " AND "))]"
  }
}

extension SortKey: CustomStringConvertible {
  public var description: String {
    "\(expression)\(isAscending ? "" : " DESC")\(nullsFirst ? " NULLS FIRST" : "")"
  }
}

extension Window {
  fileprivate var summary: String {
    let calls = functions.map { function in
      let arguments = function.arguments.map(\.description).joined(separator: ", ")
      return "\(function.function.name)(\(arguments))"
    }
    var parts = [calls.joined(separator: ", ")]
    if !partitionBy.isEmpty {
      parts.append("partition by \(partitionBy.map(\.description).joined(separator: ", "))")
    }
    if !orderBy.isEmpty {
      parts.append("order by \(orderBy.map(\.description).joined(separator: ", "))")
    }
    return parts.joined(separator: " ")
  }
}
