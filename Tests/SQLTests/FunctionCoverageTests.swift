import Apus
import ApusTestSupport
import Testing

/// Runs the corpus with someone who looks at every call of a function.
@Suite struct FunctionCoverageTests {
  private static let page = SQLTests.folder + "/functions/coverage.md"

  @Test func everySignatureMeetsEveryCase() throws {
    let recorder = CallRecorder()
    for path in TestFiles.list(SQLTests.folder, suffix: ".slt") {
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
    }
    let page = CoveragePage(recorder.facts)
    for gap in page.gaps { Issue.record("nothing in Tests/sql has \(gap)") }
    if TestFiles.variable("APUS_ACCEPT") == "1" {
      TestFiles.write(page.text, to: Self.page)
    }
    #expect(
      TestFiles.read(Self.page) == page.text,
      "APUS_ACCEPT=1 swift test --filter FunctionCoverageTests writes Tests/sql/functions/coverage.md"
    )
  }
}
