import Apus
import Testing

/// The Swift that README.md shows; `HouseTests` holds the lines together.
@Suite struct LibraryExampleTests {
  @Test func threeLines() async throws {
    let session = try Engine(warehouse: ".").session()
    let result = try await session.query("SELECT 6 * 7 AS answer")
    for try await row in result { print(try row["answer", as: Int.self]) }

    var answers: [Int] = []
    for try await row in try await session.query("SELECT 6 * 7 AS answer") {
      answers.append(try row["answer", as: Int.self])
    }
    #expect(answers == [42])
  }
}
