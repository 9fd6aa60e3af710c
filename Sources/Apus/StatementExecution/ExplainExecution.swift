import ApusCatalog
import ApusConnectors
import ApusEngine
import ApusPlanner
import ApusStorage
import ApusSyntax
import ApusValues
import ApusVectors

extension StatementExecution {
  /// Runs EXPLAIN and EXPLAIN ANALYZE: one column `Query Plan`, a row per line.
  ///
  /// LOGICAL and DISTRIBUTED show the same plan, as there is one process. VALIDATE answers `true`
  /// in a column `Valid`, or fails as the statement would.
  func run(_ node: ExplainStatement) throws(SQLError) -> QueryResult {
    if case .execute(let execute) = node.statement { return try explain(node, of: execute) }
    if node.isAnalyze { return try analyze(node) }
    if node.type != .validate, let words = definitionWords(of: node.statement) {
      return try answer(lines: [words])
    }
    switch node.type {
    case nil, .logical, .distributed:
      let plan = try plan(of: node.statement)
      switch node.format {
      case nil, .text: return try answer(lines: plan.explained { _ in nil })
      case .json: return try answer(lines: ExplainedPlan(plan).json.lines)
      case .graphviz: return try answer(lines: ExplainedPlan(plan).graph)
      }
    case .validate:
      try validate(node.statement)
      return try answer(.explain, ["Valid": .boolean], rows: [[.boolean(true)]])
    case .io:
      return try answer(lines: ExplainedInput(try plan(of: node.statement), catalog).json.lines)
    }
  }

  /// What EXPLAIN says of a statement that has no plan, as Trino does: its words up to the name that it
  /// is about.
  private func definitionWords(of statement: Statement) -> String? {
    switch statement {
    case .createView(let node): "CREATE VIEW \(node.name.names.joined(separator: "."))"
    case .createTable(let node): "CREATE TABLE \(node.name.names.joined(separator: "."))"
    case .createTableLike(let node): "CREATE TABLE \(node.name.names.joined(separator: "."))"
    case .prepare(let node): "PREPARE \(node.name.value)"
    case .dropView, .createDatabase, .dropDatabase, .dropTable, .alterTable, .repairTable, .analyze,
      .show, .describe, .use, .setSession, .resetSession, .deallocate, .describePrepared:
      text(of: statement.range)
    default: nil
    }
  }

  /// Plans a statement without doing anything.
  private func plan(of statement: Statement) throws(SQLError) -> LogicalPlan {
    switch statement {
    case .query(let query): return try plan(query)
    case .insert(let node):
      let table = try insertedTable(node)
      return try planned(node, table) { () throws(SQLError) in UnwrittenTarget(table.name) }
    case .createTableAs(let node):
      let name = try resolve(node.name)
      if !node.ifNotExists { _ = try newTableName(node) }
      return try planned(node, name) { _ throws(SQLError) in UnwrittenTarget(name) }.1
    case .unload(let node):
      return try planned(node) { new throws(SQLError) in
        UnwrittenTarget(description: "files in \(new.definition.location)")
      }.1
    default:
      throw .notSupported("EXPLAIN of this statement", at: statement.range)
    }
  }

  /// What EXPLAIN ANALYZE runs: nothing is written where the table is there already and may be.
  private func analyzed(_ statement: Statement) throws(SQLError) -> (LogicalPlan, PreparedWrite?) {
    switch statement {
    case .query(let query): return (try plan(query), nil)
    case .insert(let node):
      let prepared = try prepared(node)
      return (prepared.plan, prepared)
    case .createTableAs(let node) where node.withData:
      guard let name = try newTableName(node) else {
        throw .notSupported("EXPLAIN ANALYZE where the table exists", at: statement.range)
      }
      let prepared = try prepared(node, name)
      return (prepared.plan, prepared)
    default:
      throw .notSupported("EXPLAIN ANALYZE of this statement", at: statement.range)
    }
  }

  /// Throws what the statement would throw before it reads data.
  private func validate(_ statement: Statement) throws(SQLError) {
    switch statement {
    case .query(let query): _ = try plan(query)
    case .createView(let node): _ = try checkedView(node)
    case .explain(let node): try validate(node.statement)
    case .createDatabase(let node): _ = try checkedDatabase(node)
    case .createTable(let node): _ = try checkedTable(node)
    case .createTableLike(let node): _ = try checkedTable(node)
    case .dropView, .show, .describe, .use, .setSession, .resetSession, .dropDatabase, .dropTable,
      .alterTable, .repairTable, .analyze, .prepare, .deallocate, .describePrepared:
      break
    case .insert, .createTableAs, .unload: _ = try plan(of: statement)
    case .delete, .update, .merge, .truncate, .execute, .executeImmediate,
      .startTransaction, .endTransaction, .grant, .revoke, .deny,
      .grantRoles, .revokeRoles, .createRole, .dropRole, .setRole, .createMaterializedView,
      .refreshMaterializedView, .dropMaterializedView, .renameView, .alterDatabase, .optimize,
      .vacuum, .call, .comment, .setTimeZone, .setPath, .inlineFunctions,
      .externalFunctions:
      throw refuse(statement)
    }
  }

  private func answer(lines: [String]) throws(SQLError) -> QueryResult {
    try answer(.explain, ["Query Plan": .text], rows: lines.map { [.text($0)] })
  }

  /// Runs the query, drops its rows and shows what each operator did; VERBOSE adds what was thought
  /// that it would do.
  private func analyze(_ node: ExplainStatement) throws(SQLError) -> QueryResult {
    if node.format == .graphviz {
      throw .notSupported(
        "EXPLAIN ANALYZE (FORMAT GRAPHVIZ)",
        at: node.range,
        hint: "FORMAT TEXT and JSON are."
      )
    }
    let clock = ContinuousClock()
    let begin = clock.now
    let (plan, write) = try analyzed(node.statement)
    let planned = clock.now
    let run: QueryRun
    var rowCount = 0
    do throws(SQLError) {
      run = try start(plan)
      if let write {
        rowCount = try writtenRowCount(run)
        try write.commit()
      } else {
        try cancellation.attach(run)
        while let batch = try next(of: run) { rowCount += batch.rowCount }
      }
    } catch {
      write?.target.abort()
      throw error
    }
    let finished = clock.now
    let profile = run.profile
    let explained = ExplainedPlan(plan, operators: profile.operators)
    if node.format == .json {
      let document = json(
        explained,
        profile,
        planning: planned - begin,
        execution: finished - planned,
        rowCount: rowCount
      )
      return try answer(lines: document.lines)
    }
    var lines = [
      "Planning: \(milliseconds(planned - begin)), execution: \(milliseconds(finished - planned)), "
        + "CPU: \(milliseconds(.nanoseconds(profile.cpuNanoseconds))), "
        + "workers: \(profile.workerCount), peak memory: \(byteText(profile.peakByteCount)), "
        + (profile.spilledByteCount > 0 ? "spilled: \(byteText(profile.spilledByteCount)), " : "")
        + "rows: \(rowCount)"
    ]
    if let requests { lines.append(requests) }
    if node.isVerbose, let rules = try effectiveRules(node.statement) { lines.append(rules) }
    lines += plan.explained { position in
      guard profile.operators.indices.contains(position) else { return nil }
      var text = annotation(profile.operators[position])
      if node.isVerbose, let rows = explained.estimate(of: position) {
        text += ", estimated \(counted(rows, "row"))"
      }
      return text
    }
    return try answer(lines: lines)
  }

  /// What VERBOSE adds: `Rules: prune_columns, push_down_filter`, those that changed the query's plan.
  private func effectiveRules(_ statement: Statement) throws(SQLError) -> String? {
    let query: Query
    switch statement {
    case .query(let node): query = node
    case .insert(let node): query = node.query
    case .createTableAs(let node): query = node.query
    default: return nil
    }
    let names = try planner().effectiveRules(query)
    return "Rules: " + (names.isEmpty ? "none" : names.joined(separator: ", "))
  }

  /// What EXPLAIN ANALYZE (FORMAT JSON) answers.
  private func json(
    _ plan: ExplainedPlan,
    _ profile: QueryProfile,
    planning: Duration,
    execution: Duration,
    rowCount: Int
  ) -> JSONText {
    func milliseconds(_ duration: Duration) -> JSONText { .decimal(duration / .milliseconds(1)) }
    let requests = StorageActivity.Operation.allCases.map { operation in
      ("\(operation)", JSONText.integer(activity.count(of: operation)))
    }
    return .object([
      ("planningMilliseconds", milliseconds(planning)),
      ("executionMilliseconds", milliseconds(execution)),
      ("cpuMilliseconds", milliseconds(.nanoseconds(profile.cpuNanoseconds))),
      ("workers", .integer(profile.workerCount)),
      ("peakMemoryBytes", .integer(profile.peakByteCount)),
      ("spilledBytes", .integer(profile.spilledByteCount)),
      ("rows", .integer(rowCount)),
      ("requests", .object(requests)),
      ("receivedBytes", .integer(activity.receivedByteCount)),
      ("sentBytes", .integer(activity.sentByteCount)),
      ("plan", plan.json),
    ])
  }

  /// What the statement asked of object stores: `Requests: 1 list, 3 get; received 123456 bytes`. Nil if
  /// nothing.
  private var requests: String? {
    let counts = StorageActivity.Operation.allCases.map { ($0, activity.count(of: $0)) }
      .filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
    guard !counts.isEmpty else { return nil }
    var text = "Requests: " + counts.joined(separator: ", ")
    text += "; received \(activity.receivedByteCount) bytes"
    if activity.sentByteCount > 0 { text += ", sent \(activity.sentByteCount) bytes" }
    return text
  }

  private func next(of run: QueryRun) throws(SQLError) -> Batch? {
    do {
      return try run.next()
    } catch {
      try cancellation.check()
      throw error
    }
  }

  /// What one operator did: `1.234 ms, 58665 rows, 3 batches, read 2 files …`.
  private func annotation(_ profile: OperatorProfile) -> String {
    var parts = [
      milliseconds(.nanoseconds(profile.nanoseconds)),
      counted(profile.rowCount, "row"),
      counted(profile.batchCount, "batch", "batches"),
    ]
    if profile.peakByteCount > 0 { parts.append("memory \(byteText(profile.peakByteCount))") }
    if let scan = profile.scan {
      parts.append("read \(byteText(scan.bytesRead))")
      if let read = scan.partitionsRead, let all = scan.partitionCount {
        parts.append("\(counted(read, "partition")) of \(all)")
      }
      parts.append("\(counted(scan.filesRead, "file")) (\(scan.filesPruned) pruned)")
      let summarized =
        scan.rowGroupsSummarized > 0 ? ", \(scan.rowGroupsSummarized) known by statistics" : ""
      parts.append(
        "\(counted(scan.rowGroupsRead, "row group")) (\(scan.rowGroupsPruned) pruned\(summarized))"
      )
      if scan.rowsUnmatched > 0 {
        parts.append("\(counted(scan.rowsUnmatched, "row")) without a key of a join left out")
      }
      if scan.rowsPruned > 0 {
        parts.append("\(counted(scan.rowsPruned, "row")) in pages left out")
      }
      parts += scan.domains.compactMap { pruning($0) }
    }
    return parts.joined(separator: ", ")
  }

  /// What a column's domain has left out: `day pruned 2 row groups by statistics, 3 of 10 pages`, or
  /// why it has left out nothing.
  private func pruning(_ domain: DomainMetrics) -> String? {
    var parts: [String] = []
    if domain.prunedByPartition > 0 { parts.append("\(domain.prunedByPartition) by partition") }
    let rowGroups = [
      (domain.rowGroupsByStatistics, "statistics"), (domain.rowGroupsByPageIndex, "page index"),
      (domain.rowGroupsByDictionary, "dictionary"), (domain.rowGroupsByBloomFilter, "Bloom filter"),
    ]
    for (count, means) in rowGroups where count > 0 {
      parts.append("\(counted(count, "row group")) by \(means)")
    }
    if domain.pagesPruned > 0 {
      parts.append("\(domain.pagesPruned) of \(counted(domain.pageCount, "page"))")
    }
    let column = domain.isNarrowedByJoin ? "\(domain.column) (with keys of a join)" : domain.column
    if !parts.isEmpty { return "\(column) pruned " + parts.joined(separator: " and ") }
    return domain.obstacle.map { "\(column) pruned nothing: \($0.rawValue)" }
  }

  private func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
  }

  /// Shows a size in the unit that suits it: `512B`, `1.5MB`.
  private func byteText(_ count: Int) -> String {
    let units = ["B", "KB", "MB", "GB", "TB"]
    var index = 0
    while index < units.count - 1, count >> (10 * (index + 1)) > 0 { index += 1 }
    let tenths = (count * 10) >> (10 * index)
    guard index > 0, tenths % 10 != 0 else { return "\(tenths / 10)\(units[index])" }
    return "\(tenths / 10).\(tenths % 10)\(units[index])"
  }
}

/// Shows a duration as `12.345 ms`.
func milliseconds(_ duration: Duration) -> String {
  let (seconds, attoseconds) = duration.components
  let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
  return "\(microseconds / 1000).\(zeroPadded(UInt64(microseconds % 1000), to: 3)) ms"
}
