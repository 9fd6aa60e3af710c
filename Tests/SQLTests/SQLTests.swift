import Apus
import ApusEngine
import ApusPlanner
import ApusTestSupport
import ApusValues
import Testing

/// Runs every file of Tests/sql.
///
/// Environment:
/// - `APUS_SLT_FILTER`: only files whose path holds this text.
/// - `APUS_BATCH_CAPACITY`, `APUS_THREADS`: lists such as `1,2,3`; every combination runs.
/// - `APUS_SPILL=1`: operators spill what they can after their first batch.
/// - `APUS_OPTIMIZER_DISABLE`: a list of rules of the optimizer, each of which is left out in turn, or
///   `each` for all of them; plans are then not compared.
/// - `APUS_ACCEPT=1`: writes what came into the files in place of what was expected; refused where
///   `CI` is true.
@Suite("SQL")
struct SQLTests {
  static let folder = TestFiles.root + "/Tests/sql"

  static let files: [String] = {
    let filter = TestFiles.variable("APUS_SLT_FILTER")
    return TestFiles.list(folder, suffix: ".slt").filter { path in
      filter.map { path.contains($0) } ?? true
    }
  }()

  /// One way to run the corpus.
  struct Setting {
    var batchCapacity: Int?
    var threadCount: Int?
    var disabledRule: String?

    var name: String {
      let parts = [
        batchCapacity.map { "capacity \($0)" }, threadCount.map { "threads \($0)" },
        disabledRule.map { "without \($0)" },
      ]
      let text = parts.compactMap { $0 }.joined(separator: ", ")
      return text.isEmpty ? "" : " (\(text))"
    }
  }

  static let settings: [Setting] = {
    func list(_ name: String) -> [Int?] {
      let values = (TestFiles.variable(name) ?? "").split(separator: ",").compactMap { Int($0) }
      return values.isEmpty ? [nil] : values
    }
    let names = (TestFiles.variable("APUS_OPTIMIZER_DISABLE") ?? "").split(separator: ",")
    let rules: [String?] =
      names == ["each"] ? QueryPlanner.ruleNames : names.isEmpty ? [nil] : names.map(String.init)
    return list("APUS_BATCH_CAPACITY").flatMap { capacity in
      list("APUS_THREADS").flatMap { threads in
        rules.map {
          Setting(batchCapacity: capacity, threadCount: threads, disabledRule: $0)
        }
      }
    }
  }()

  @Test("slt", arguments: files)
  func run(_ path: String) throws {
    let accepts = TestFiles.variable("APUS_ACCEPT") == "1"
    if accepts, TestFiles.variable("CI") == "true" {
      Issue.record("APUS_ACCEPT is refused where CI is true")
      return
    }
    let text = try #require(TestFiles.read(SQLTests.folder + "/" + path))
    for setting in SQLTests.settings {
      var configuration = EngineConfiguration(
        warehouse: TestFiles.root + "/samples/nycflights13",
        // Its own for each file, so that none sees what another has made.
        catalog: TestFiles.makeTemporaryFolder() + "/catalog.sqlite",
        threadCount: setting.threadCount,
        user: "tester"
      )
      if let capacity = setting.batchCapacity { configuration.batchCapacity = capacity }
      if TestFiles.variable("APUS_SPILL") == "1" { configuration.memoryRefusal = .offers }
      var runner = try SLTRunner(name: path + setting.name, text: text, root: TestFiles.root)
      let database = try ApusDatabase(configuration)
      if let rule = setting.disabledRule {
        _ = try database.run("SET SESSION optimizer_disable = '\(rule)'")
        runner.comparesPlans = false
      }
      let failures = runner.run(database)
      if accepts {
        TestFiles.write(runner.acceptedText, to: SQLTests.folder + "/" + path)
      }
      for failure in failures { Issue.record("\(failure)") }
      #expect(runner.recordCount > 0, "the file has no records")
    }
  }

  /// The same over a bucket that has a copy of all data.
  @Test(
    "slt over a bucket",
    .enabled(if: CorpusBucket.isWanted, CorpusBucket.hint),
    arguments: files
  )
  func runOverBucket(_ path: String) throws {
    let text = try #require(TestFiles.read(SQLTests.folder + "/" + path))
    let bucket = try CorpusBucket.shared.get()
    let configuration = EngineConfiguration(
      warehouse: bucket + "/samples/nycflights13",
      catalog: TestFiles.makeTemporaryFolder() + "/catalog.sqlite",
      user: "tester"
    )
    var runner = try SLTRunner(
      name: path + " over a bucket",
      text: text,
      root: TestFiles.root,
      data: bucket,
      scratch: "\(bucket)/scratch/\(UInt64.random(in: 0 ... .max))"
    )
    for failure in runner.run(try ApusDatabase(configuration)) { Issue.record("\(failure)") }
    #expect(runner.recordCount > 0, "the file has no records")
  }
}
