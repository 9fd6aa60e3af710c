import Apus
import ApusEngine
import ApusPlanner
import ApusTestSupport
import ApusVectors
import Testing

/// What the functions declare of themselves: every example is run, none is missing, and the page that
/// is made of them is as fresh as they are.
@Suite struct FunctionReferenceTests {
  private static let page = "Sources/Apus/Apus.docc/Functions.md"
  private static let families = FunctionReference.families

  @Test func everyFunctionHasAnExample() {
    for family in Self.families {
      for function in family.functions where function.examples.isEmpty {
        Issue.record(
          """
          \(function.name) of the family '\(family.title)' has no example: say \
          'static var examples: [FunctionExample] { [FunctionExample("\(function.name)(…)", "…")] }' \
          in the type that declares it, below Sources/ApusEngine/Functions or Aggregates
          """
        )
      }
      for example in family.strayExamples {
        Issue.record("an example calls no function of the type around it: \(example.expression)")
      }
    }
  }

  @Test func familiesHoldAllFunctions() {
    let described = Set(Self.families.flatMap { $0.functions.map { $0.name.lowercased() } })
    #expect(described.isSuperset(of: FunctionLibrary.standard.names))
  }

  /// Also where every row is a batch of its own, and on any number of threads.
  @Test(arguments: [1, 2048])
  func examplesAnswerWhatTheySay(batchCapacity: Int) throws {
    var configuration = EngineConfiguration(
      warehouse: TestFiles.root + "/samples/nycflights13",
      catalog: TestFiles.makeTemporaryFolder() + "/catalog.sqlite",
      user: "tester"
    )
    configuration.batchCapacity = batchCapacity
    configuration.threadCount = 8
    let session = try Engine(configuration).session()
    for family in Self.families {
      for function in family.functions {
        for example in function.examples {
          let answer = Self.answer(of: example, session)
          #expect(answer == example.answer, "\(function.name): \(example.expression)")
        }
      }
    }
  }

  @Test func summariesAreSentences() {
    for function in Self.families.flatMap(\.functions) {
      for meaning in function.meanings {
        let summary = meaning.summary
        #expect(
          summary.first?.isUppercase == true && summary.last == ".",
          "\(function.name): \(summary)"
        )
      }
    }
  }

  @Test func thePageIsFresh() {
    let text = ReferencePage(families: Self.families).text
    let path = TestFiles.root + "/" + Self.page
    if TestFiles.variable("APUS_ACCEPT") == "1" { TestFiles.write(text, to: path) }
    #expect(
      TestFiles.read(path) == text,
      "APUS_ACCEPT=1 swift test --filter FunctionReferenceTests writes \(Self.page)"
    )
  }

  /// Rows and values as examples write them, or the error.
  private static func answer(of example: FunctionExample, _ session: Session) -> String {
    do {
      let result = try session.execute(example.statement)
      var rows: [String] = []
      while let batch = try result.nextBatch() {
        for row in 0..<batch.rowCount {
          rows.append(batch.columns.map { $0.text(row) ?? "NULL" }.joined(separator: ", "))
        }
      }
      return rows.joined(separator: "; ")
    } catch {
      return "\(error)"
    }
  }
}
