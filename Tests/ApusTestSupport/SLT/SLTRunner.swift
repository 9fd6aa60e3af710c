package import ApusValues

/// Runs the records of a file against a database and says what differs.
package struct SLTRunner {
  /// A record whose outcome was not the expected one.
  package struct Failure: Sendable, CustomStringConvertible {
    package var file: String
    package var line: Int
    package var sql: String
    package var message: String

    package var description: String { "\(file):\(line): \(message)\n\(sql)" }
  }

  /// Whether plans and what is estimated of them are compared with those expected; otherwise such
  /// statements only have to succeed.
  package var comparesPlans = true

  private let name: String
  private let file: SLTFile
  private let root: String
  private var labels: [String: [String]] = [:]
  /// New lines of expected output by record, where results are to be accepted.
  private var accepted: [(lines: Range<Int>, text: [String], needsRule: Bool)] = []

  /// - Parameters:
  ///   - name: what failures call the file.
  ///   - root: the package's folder.
  ///   - data: the folder or bucket that has a copy of the package's data, if not the package.
  ///   - scratch: an empty folder, or nothing in a bucket, that the file may write to; made if nil.
  package init(
    name: String,
    text: String,
    root: String,
    data: String? = nil,
    scratch: String? = nil
  )
    throws(SLTSyntaxError)
  {
    self.name = name
    self.root = root
    let names: Set = ["apus", data == nil ? "disk" : "bucket"]
    file = try SLTFile(
      text: text,
      root: data ?? root,
      scratch: scratch ?? TestFiles.makeTemporaryFolder(),
      names: names
    )
  }

  /// The number of records.
  package var recordCount: Int { file.records.count }

  /// Runs all records in order.
  package mutating func run(_ database: some SLTDatabase) -> [Failure] {
    var failures: [Failure] = []
    let missing = file.requirements.first { !has($0.need, database) }
    for record in file.records {
      if let missing, record.line > missing.line { break }
      if let message = run(record, database) {
        failures.append(
          Failure(file: name, line: record.line, sql: record.sql, message: message)
        )
      }
    }
    return failures
  }

  /// The file's text with the results that the last run gave in place of those expected.
  package var acceptedText: String {
    var lines = file.lines
    for change in accepted.sorted(by: { $0.lines.lowerBound > $1.lines.lowerBound }) {
      lines.replaceSubrange(change.lines, with: (change.needsRule ? ["----"] : []) + change.text)
    }
    return lines.joined(separator: "\n")
  }

  private func has(_ need: SLTFile.Need, _ database: some SLTDatabase) -> Bool {
    switch need {
    case .path(let path): TestFiles.exists(root + "/" + path)
    case .function(let name):
      (try? database.run("SHOW FUNCTIONS LIKE '\(name)'"))?.rows.isEmpty == false
    }
  }

  /// Whether a statement answers what a plan says: EXPLAIN, and estimates of a query.
  private func showsPlan(_ sql: String) -> Bool {
    sql.hasPrefix("EXPLAIN") || sql.hasPrefix("SHOW STATS FOR (")
  }

  private mutating func run(_ record: SLTRecord, _ database: some SLTDatabase) -> String? {
    switch record.kind {
    case .statement(let expectation):
      do {
        _ = try database.run(record.sql)
        return expectation == .success ? nil : "expected an error, but the statement ran"
      } catch {
        return SLTRunner.difference(between: error, and: expectation, sql: record.sql)
      }
    case .query where !comparesPlans && showsPlan(record.sql):
      do {
        _ = try database.run(record.sql)
        return nil
      } catch {
        return SLTRunner.describe(error, in: record.sql)
      }
    case .query(let types, let sort, let label):
      return run(record, types: types, sort: sort, label: label, database)
    case .explain:
      do {
        let lines = try database.run("EXPLAIN " + record.sql).rows.map {
          $0.first.flatMap { $0 } ?? ""
        }
        return comparesPlans ? compare(lines.map(SLTText.trimmedEnd), with: record) : nil
      } catch {
        return SLTRunner.describe(error, in: record.sql)
      }
    }
  }

  private static func difference(
    between error: SQLError,
    and expectation: SLTRecord.Expectation,
    sql: String
  ) -> String? {
    guard case .error(let code, let place, let message) = expectation else {
      return describe(error, in: sql)
    }
    guard error.code.rawValue == code else {
      return "expected \(code), got " + describe(error, in: sql)
    }
    if let place {
      let actual = error.range.map { LineAndColumn(offset: $0.start, in: sql).description }
      guard actual == place else {
        return "expected \(code) at \(place), got it at \(actual ?? "no place"): \(error.message)"
      }
    }
    if let message {
      guard let pattern = try? Regex(message) else {
        return "'\(message)' is no regular expression"
      }
      guard error.message.firstMatch(of: pattern) != nil else {
        return "expected a message with '\(message)', got: \(error.message)"
      }
    }
    return nil
  }

  private static func describe(_ error: SQLError, in sql: String) -> String {
    let place = error.range.map { " at \(LineAndColumn(offset: $0.start, in: sql))" } ?? ""
    let hint = error.hint.map { " (\($0))" } ?? ""
    return "\(error.code.rawValue)\(place): \(error.message)\(hint)"
  }

  private mutating func run(
    _ record: SLTRecord,
    types: String,
    sort: SLTRecord.Sort,
    label: String?,
    _ database: some SLTDatabase
  ) -> String? {
    let result: SLTResult
    do {
      result = try database.run(record.sql)
    } catch {
      return SLTRunner.describe(error, in: record.sql)
    }
    let letters = result.types.map(SLTText.letter)
    let typesAgree =
      letters.count == types.count && zip(letters, types).allSatisfy { $0 == $1 || $1 == "?" }
    guard typesAgree else {
      return "expected columns \(types), got \(String(letters)): "
        + result.types.map(\.description).joined(separator: ", ")
    }
    var rows = result.rows.map { row in row.map(SLTText.cell) }
    switch sort {
    case .nosort: break
    case .rowsort: rows.sort { $0.lexicographicallyPrecedes($1) }
    case .valuesort: rows = rows.flatMap { $0 }.sorted().map { [$0] }
    }
    let columnCount = sort == .valuesort ? 1 : types.count
    if let label {
      let flat = rows.flatMap { $0 }
      if let other = labels[label], other != flat {
        return "the result differs from an earlier one of the label '\(label)'"
      }
      labels[label] = flat
    }
    let valueCount = rows.count * columnCount
    if record.hashThreshold > 0, valueCount > record.hashThreshold {
      let line = "\(valueCount) values hashing to \(SLTText.hash(rows))"
      return compare([line], with: record)
    }
    let expected = record.expected.map { SLTText.columns(of: $0, count: columnCount) }
    var normalized = expected
    if sort == .rowsort { normalized.sort { $0.lexicographicallyPrecedes($1) } }
    if sort == .valuesort { normalized.sort { $0.lexicographicallyPrecedes($1) } }
    if normalized == rows { return nil }
    let lines = SLTText.aligned(rows, numbers: types.map { "IR".contains($0) })
    accept(lines, record)
    return SLTText.difference(expected: record.expected, actual: lines)
  }

  private mutating func compare(_ lines: [String], with record: SLTRecord) -> String? {
    if lines == record.expected.map(SLTText.trimmedEnd) { return nil }
    accept(lines, record)
    return SLTText.difference(expected: record.expected, actual: lines)
  }

  private mutating func accept(_ lines: [String], _ record: SLTRecord) {
    guard !record.isInLoop else { return }
    let start = record.expectedLines.lowerBound
    let hasRule = start > 0 && start <= file.lines.count && file.lines[start - 1] == "----"
    accepted.append((record.expectedLines, lines, !hasRule))
  }
}
