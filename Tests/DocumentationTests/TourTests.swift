import Apus
import ApusSyntax
import ApusValues
import ApusVectors
import Foundation
import Testing

@testable import ApusPlanner

/// Follows the query of `Sources/README.md` through the modules and compares what each gives.
///
/// A block below `<!-- tour: NAME -->` is what `printed(NAME)` gives; times and sizes of memory are
/// "…". APUS_ACCEPT=1 writes the blocks.
@Suite struct TourTests {
  static let page = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Sources/README.md")

  /// The names of the blocks, in the page's order.
  static let stages = ["tokens", "tree", "bound", "optimized", "analyzed", "batches"]

  @Test func blocksAreWhatIsPrinted() throws {
    var text = try String(contentsOf: Self.page, encoding: .utf8)
    let isAccepting = ProcessInfo.processInfo.environment["APUS_ACCEPT"] != nil
    for stage in Self.stages {
      let opening = "<!-- tour: \(stage) -->\n```text\n"
      let start = try #require(text.range(of: opening)?.upperBound, "no block for \(stage)")
      let end = try #require(text.range(of: "\n```", range: start..<text.endIndex)?.lowerBound)
      let printed = try printed(stage).joined(separator: "\n")
      if isAccepting {
        text.replaceSubrange(start..<end, with: printed)
      } else {
        #expect(String(text[start..<end]) == printed, "the block \(stage)")
      }
    }
    if isAccepting { try text.write(to: Self.page, atomically: true, encoding: .utf8) }
  }

  /// The query as the page shows it.
  private func sql() throws -> String {
    let text = try String(contentsOf: Self.page, encoding: .utf8)
    let match = try #require(text.firstMatch(of: /```sql\n((?:.*\n)*?)```/), "no query")
    return String(match.1)
  }

  private func printed(_ stage: String) throws -> [String] {
    switch stage {
    case "tokens": try tokens()
    case "tree": try tree()
    case "bound": try plan(withRules: false)
    case "optimized": try plan(withRules: true)
    case "analyzed": try analyzed()
    default: try batches()
    }
  }

  private func tokens() throws -> [String] {
    let sql = try sql()
    let bytes = Array(sql.utf8)
    return Lexer(sql).tokens.prefix(10).map { token in
      let place = "\(token.range.start)..<\(token.range.end)"
      let text = String(decoding: bytes[token.range.start..<token.range.end], as: UTF8.self)
      return place.padding(toLength: 9, withPad: " ", startingAt: 0) + "\(token.kind)  \(text)"
    } + ["…"]
  }

  private func query() throws -> Query {
    guard case .query(let query) = try parseStatement(try sql()) else {
      throw SQLError(.syntaxError, "The tour's statement is no query")
    }
    return query
  }

  private func tree() throws -> [String] { outline(try query()) }

  /// The plan as EXPLAIN shows it.
  private func plan(withRules: Bool) throws -> [String] {
    let session = try Engine().session()
    if !withRules {
      let names = Set(Optimizer.rules.map(\.name)).sorted().joined(separator: ",")
      _ = try session.execute("SET SESSION optimizer_disable = '\(names)'")
    }
    return try lines(of: session.execute("EXPLAIN " + sql()))
  }

  private func analyzed() throws -> [String] {
    let session = try Engine(EngineConfiguration(threadCount: 2)).session()
    return try lines(of: session.execute("EXPLAIN ANALYZE " + sql())).map { line in
      line.replacing(/[0-9.]+ ms/, with: "… ms")
        // An operator shows its memory only if it took a noticeable piece, which depends on how the
        // workers happened to share the rows.
        .replacing(/, memory [0-9.]+[KMGT]?B/, with: "")
        .replacing(/memory:? [0-9.]+[KMGT]?B/, with: "memory …")
        .replacing(/[0-9]+ batch(es)?/, with: "… batches")
    }
  }

  private func lines(of result: QueryResult) throws -> [String] {
    var lines: [String] = []
    while let batch = try result.nextBatch() {
      lines += (0..<batch.rowCount).map { batch.columns[0].text($0) ?? "" }
    }
    return lines
  }

  /// The first batch that the scan hands to the filter.
  private func batches() throws -> [String] {
    let scan = "SELECT origin, dep_delay, month FROM 'samples/nycflights13/flights/*/*.parquet'"
    let engine = try Engine(EngineConfiguration(threadCount: 1))
    let result = try engine.session().execute(scan + " WHERE month = 7")
    let batch = try #require(try result.nextBatch())
    return ["\(batch.rowCount) rows"]
      + zip(result.schema.fields, batch.columns).map { field, column in
        var line = "\(field.name): \(field.type), \(column.encoding)"
        if column.encoding == .dictionary { line += " of \(column.storage.count) values" }
        if column.storage.validity != nil { line += ", some may be NULL" }
        return line
      }
  }
}
