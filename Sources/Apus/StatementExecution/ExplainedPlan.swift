import ApusEngine
import ApusPlanner
import ApusValues
import ApusVectors

/// A plan with what is thought of it and, after a run, what it did: as JSON and for Graphviz.
///
/// Nodes are numbered in pre-order. The members of the JSON are those of `Explain.md`; they may
/// become more, but none changes its meaning.
struct ExplainedPlan {
  private let root: LogicalPlan
  private let estimates: [Double]
  private let operators: [OperatorProfile]

  /// - Parameter operators: what each node did, if the plan was run.
  init(_ plan: LogicalPlan, operators: [OperatorProfile] = []) {
    root = plan
    estimates = plan.estimatedRowCounts
    self.operators = operators
  }

  /// The rows that a node is thought to put out.
  func estimate(of node: Int) -> Int? {
    estimates.indices.contains(node) ? Int(exactly: estimates[node].rounded()) : nil
  }

  var json: JSONText {
    var next = 0
    return json(root, &next)
  }

  private func json(_ plan: LogicalPlan, _ next: inout Int) -> JSONText {
    let node = next
    next += 1
    var children: [JSONText] = []
    var childNodes: [Int] = []
    for child in plan.children {
      childNodes.append(next)
      children.append(json(child, &next))
    }
    let label = plan.label
    var members: [(String, JSONText)] = [
      ("id", .integer(node)), ("name", .text(label.name)), ("detail", .text(label.detail)),
      (
        "outputs",
        .array(
          plan.output.map {
            .object([("name", .text($0.name)), ("type", .text($0.type.description))])
          }
        )
      ),
      ("estimates", .object([("rows", estimate(of: node).map { .integer($0) } ?? .null)])),
    ]
    if case .scan(let scan) = plan {
      let constraints = scan.constraints.map { column, domain -> JSONText in
        .object([("column", .text(column)), ("domain", .text(domain.description))])
      }
      members.append(("constraints", .array(constraints)))
    }
    if operators.indices.contains(node) {
      let rowsIn = childNodes.reduce(0) { $0 + operators[$1].rowCount }
      members.append(("statistics", json(operators[node], rowsIn: rowsIn)))
    }
    members.append(("children", .array(children)))
    return .object(members)
  }

  private func json(_ profile: OperatorProfile, rowsIn: Int) -> JSONText {
    var members: [(String, JSONText)] = [
      ("milliseconds", .decimal(Double(profile.nanoseconds) / 1e6)), ("rowsIn", .integer(rowsIn)),
      ("rows", .integer(profile.rowCount)), ("batches", .integer(profile.batchCount)),
      ("peakMemoryBytes", .integer(profile.peakByteCount)),
    ]
    if let scan = profile.scan { members.append(("scan", json(scan))) }
    return .object(members)
  }

  private func json(_ scan: ScanMetrics) -> JSONText {
    var members: [(String, JSONText)] = [("bytesRead", .integer(scan.bytesRead))]
    if let read = scan.partitionsRead, let all = scan.partitionCount {
      members += [("partitionsRead", .integer(read)), ("partitions", .integer(all))]
    }
    members += [
      ("filesRead", .integer(scan.filesRead)), ("filesPruned", .integer(scan.filesPruned)),
      ("rowGroupsRead", .integer(scan.rowGroupsRead)),
      ("rowGroupsPruned", .integer(scan.rowGroupsPruned)),
      ("rowGroupsKnownByStatistics", .integer(scan.rowGroupsSummarized)),
      ("rowsInPagesPruned", .integer(scan.rowsPruned)),
      ("rowsWithoutJoinKey", .integer(scan.rowsUnmatched)),
      ("predicates", .array(scan.domains.map(json))),
    ]
    return .object(members)
  }

  private func json(_ domain: DomainMetrics) -> JSONText {
    .object([
      ("column", .text(domain.column)),
      ("isNarrowedByJoin", .boolean(domain.isNarrowedByJoin)),
      ("prunedByPartition", .integer(domain.prunedByPartition)),
      ("rowGroupsPrunedByStatistics", .integer(domain.rowGroupsByStatistics)),
      ("rowGroupsPrunedByPageIndex", .integer(domain.rowGroupsByPageIndex)),
      ("rowGroupsPrunedByDictionary", .integer(domain.rowGroupsByDictionary)),
      ("rowGroupsPrunedByBloomFilter", .integer(domain.rowGroupsByBloomFilter)),
      ("pages", .integer(domain.pageCount)),
      ("pagesPruned", .integer(domain.pagesPruned)),
      ("obstacle", domain.obstacle.map { .text($0.rawValue) } ?? .null),
    ])
  }

  /// The lines of a graph in Graphviz's language, rows flowing upwards.
  var graph: [String] {
    var lines = ["digraph plan {", "  rankdir = BT;", "  node [shape = box];"]
    var next = 0
    func add(_ plan: LogicalPlan) -> Int {
      let node = next
      next += 1
      let label = plan.label
      let text = label.detail.isEmpty ? label.name : label.name + "\n" + label.detail
      lines.append("  n\(node) [label = \(ExplainedPlan.quoted(text))];")
      for child in plan.children { lines.append("  n\(add(child)) -> n\(node);") }
      return node
    }
    _ = add(root)
    return lines + ["}"]
  }

  /// A text as an identifier of Graphviz's language.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for character in text.unicodeScalars {
      switch character {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(character)
      }
    }
    return result + "\""
  }
}
