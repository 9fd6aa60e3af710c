import Apus
import ApusTestSupport
import ApusValues
import Testing

@Suite("Session")
struct SessionTests {
  private func makeSession() throws -> Session {
    try Engine(EngineConfiguration(warehouse: TestFiles.makeTemporaryFolder(), threadCount: 2))
      .session()
  }

  @Test("rows come as an asynchronous sequence")
  func rows() async throws {
    let result = try await makeSession().query(
      "SELECT * FROM (VALUES (1, 'a', 1.5), (2, NULL, 2.5)) AS t (id, name, x)"
    )
    #expect(result.kind == .select)
    #expect(result.schema.fields.map(\.name) == ["id", "name", "x"])
    var seen: [String] = []
    for try await row in result {
      let name = try row["name", as: String?.self]
      seen.append("\(try row["id", as: Int.self]) \(name ?? "-") \(try row["x", as: Double.self])")
    }
    #expect(seen == ["1 a 1.5", "2 - 2.5"])
  }

  @Test("a cell that is not of the type asked for is an error")
  func decoding() async throws {
    let row = try #require(try await makeSession().query("SELECT 300 AS n, NULL AS m").rows().first)
    #expect(try row["n", as: String.self] == "300")
    #expect(throws: SQLError.self) { try row["n", as: Int8.self] }
    #expect(throws: SQLError.self) { try row["n", as: Bool.self] }
    #expect(throws: SQLError.self) { try row["m", as: Int.self] }
    #expect(try row["m", as: Int?.self] == nil)
    do {
      _ = try row["nn", as: Int.self]
      Issue.record("no error")
    } catch {
      #expect(error.code == .columnNotFound)
      #expect(error.hint != nil)
    }
    #expect(row[0] == .integer(300))
    #expect(row["nope"] == nil)
    #expect(row.description == "n=300, m=NULL")
  }

  @Test("parameters are values of Swift or expressions of SQL")
  func parameters() async throws {
    let session = try makeSession()
    let row = try #require(
      try await session.query(
        "SELECT ?, ? || '!', ?, ?, ?, typeof(?), ?",
        parameters: [
          -7, "it's", 1.5, true, nil, .sql("DATE '2013-07-01'"), QueryParameter(-Double.infinity),
        ]
      ).rows().first
    )
    #expect(
      (0..<7).map { row[$0] } == [
        .integer(-7), .text("it's!"), .double(1.5), .boolean(true), .null, .text("date"),
        .double(-.infinity),
      ]
    )
    do {
      _ = try await session.query("SELECT 1", parameters: [1])
      Issue.record("no error")
    } catch {
      #expect(error.code == .invalidParameterUsage)
    }
    #expect(throws: SQLError.self) { try QueryParameter.sql("1 +") }
  }

  @Test("prepared statements can be listed, kept and forgotten")
  func preparedStatements() async throws {
    let session = try makeSession()
    try session.prepare("Mine", "SELECT ? + ?;")
    _ = try await session.query("PREPARE yours FROM SELECT 1")
    #expect(session.preparedStatements.mapValues(\.parameterCount) == ["Mine": 2, "yours": 0])
    #expect(session.preparedStatements["yours"]?.sql == "SELECT 1")
    let rows = try await session.query("EXECUTE \"Mine\" USING ?, 2", parameters: [1]).rows()
    #expect(rows.first?[0] == .integer(3))
    #expect(session.deallocate("Mine"))
    #expect(!session.deallocate("Mine"))
    #expect(throws: SQLError.self) { try session.prepare("bad", "SELECT FROM") }
  }

  @Test("errors keep their place in the text")
  func errors() async throws {
    let session = try makeSession()
    do throws(SQLError) {
      _ = try await session.query("SELECT 1,\n  nope")
      Issue.record("no error")
    } catch {
      #expect(error.code == .columnNotFound)
      #expect(error.range == SourceRange(start: 12, end: 16))
    }
  }

  @Test("an error of a row comes with the rows")
  func rowErrors() throws {
    let result = try makeSession().execute("SELECT 1 / x FROM (VALUES 1, 0) AS t (x)")
    #expect(throws: SQLError.self) { while try result.nextBatch() != nil {} }
  }

  @Test("cancelling stops a query that runs")
  func cancel() throws {
    let session = try makeSession()
    let result = try session.execute(SessionTests.endless)
    #expect(try result.nextBatch() != nil)
    session.cancel()
    do {
      while try result.nextBatch() != nil {}
      Issue.record("the query ended by itself")
    } catch {
      #expect(error.code == .userCanceled)
    }
  }

  @Test("cancelling a task stops its query")
  func cancelTask() async throws {
    let session = try makeSession()
    let task = Task {
      var count = 0
      for try await _ in try await session.query(SessionTests.endless) { count += 1 }
      return count
    }
    task.cancel()
    let result = await task.result
    #expect(throws: SQLError.self) { try result.get() }
  }

  @Test("queries of one session run at the same time")
  func concurrency() async throws {
    let session = try makeSession()
    let sum = try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 1...20 {
        group.addTask {
          let rows = try await session.query("SELECT \(number) AS n").rows()
          return try rows[0]["n", as: Int.self]
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(sum == 210)
  }

  /// A cross join of 10^12 rows.
  private static let endless: String = {
    let digits = (0..<10).map { "(\($0))" }.joined(separator: ", ")
    let tables = (0..<12).map { "(VALUES \(digits)) AS t\($0) (x\($0))" }
    return "SELECT * FROM " + tables.joined(separator: " CROSS JOIN ")
  }()
}
