import Apus
import ApusTestSupport
import Testing

/// Runs the corpus with someone who looks at every call of a function.
@Suite struct FunctionCoverageTests {
  private static let page = SQLTests.folder + "/functions/coverage.md"

  @Test func everySignatureMeetsEveryCase() async throws {
    let facts = try await withThrowingTaskGroup(of: [CallRecorder.Key: CallFacts].self) { group in
      for path in TestFiles.list(SQLTests.folder, suffix: ".slt") {
        group.addTask { try Self.facts(of: path) }
      }
      return try await group.reduce(into: [:]) { all, facts in
        all.merge(facts) { $0.union($1) }
      }
    }
    let page = CoveragePage(facts)
    for gap in page.gaps { Issue.record("nothing in Tests/sql has \(gap)") }
    if TestFiles.variable("APUS_ACCEPT") == "1" {
      TestFiles.write(page.text, to: Self.page)
    }
    #expect(
      TestFiles.read(Self.page) == page.text,
      "APUS_ACCEPT=1 swift test --filter FunctionCoverageTests writes Tests/sql/functions/coverage.md"
    )
  }

  /// Runs one file with a recorder of its own.
  private static func facts(of path: String) throws -> [CallRecorder.Key: CallFacts] {
    let recorder = CallRecorder()
    var configuration = EngineConfiguration(
      warehouse: TestFiles.root + "/samples/nycflights13",
      catalog: TestFiles.makeTemporaryFolder() + "/catalog.sqlite",
      user: "tester"
    )
    configuration.callObserver = recorder
    let text = try #require(TestFiles.read(SQLTests.folder + "/" + path))
    var runner = try SLTRunner(name: path, text: text, root: TestFiles.root)
    let database = RecordedDatabase(
      database: try ApusDatabase(configuration),
      recorder: recorder
    )
    for failure in runner.run(database) { Issue.record("observed: \(failure)") }
    return recorder.facts
  }
}
