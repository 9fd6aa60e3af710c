import ApusValues
import Testing

@testable import ApusEngine

@Suite("paths of SQL/JSON")
struct SQLJSONPathTests {
  private static let pieces = [
    "$", "@", ".a", ".b", ".*", "[*]", "[0]", "[last]", "[1 to last]", "[0, 0]", " ? (", ")", "(",
    "1",
    "-", "+", "*", "/", "%", " == ", " < ", " && ", " || ", "!", "exists(", " is unknown", "\"x\"",
    " starts with ", " like_regex \"a+\"", ".size()", ".type()", ".double()", ".keyvalue()",
    ".abs()",
    "..a", "null", "true", "2.50", "$x", " ",
  ]

  private static let documents = [
    "1", "[]", "{\"a\": [1, \"x\", null, {\"b\": 2.5}], \"b\": {\"a\": -3}}", "\"text\"",
    "[[1, 2], [3, [4]]]", "123456789012345678901234567890", "9223372036854775807",
  ]

  @Test("random paths and documents do not make the evaluation trap")
  func randomPaths() throws {
    let documents = try SQLJSONPathTests.documents.map { try JSONItem(document: $0) }
    var validCount = 0
    for seed in 0..<4000 {
      var generator = SeededGenerator(seed: UInt64(seed))
      var text = Bool.random(using: &generator) ? "lax " : "strict "
      text += Bool.random(using: &generator) ? "$" : ""
      for _ in 0..<Int.random(in: 0..<8, using: &generator) {
        let pieces = SQLJSONPathTests.pieces
        text += pieces[Int.random(in: 0..<pieces.count, using: &generator)]
      }
      guard let path = try? SQLJSONPath(text, parameters: ["x"]) else { continue }
      validCount += 1
      for document in documents {
        var evaluation = SQLJSONPathEvaluation(path, document: document, parameters: [[.null]])
        guard let items = try? evaluation.items(path.root) else { continue }
        var output: [UInt8] = []
        for item in items { _ = item.append(to: &output) }
      }
    }
    #expect(validCount > 100)
  }

  @Test(
    "what is nested too deep is an error",
    arguments: ["(", "-", "$ ? (", "!(", "exists(", "$["]
  )
  func nesting(_ piece: String) {
    let text = "lax " + String(repeating: piece, count: 10_000)
    #expect(throws: SQLError.self) { try SQLJSONPath(text, parameters: []) }
  }

  @Test("a chain of steps has an end")
  func steps() {
    for step in [".a", "[0]", "..a"] {
      let text = "lax $" + String(repeating: step, count: 10_000)
      #expect(throws: SQLError.self) { try SQLJSONPath(text, parameters: []) }
    }
    let sum = "lax " + String(repeating: "1+", count: 10_000) + "1"
    #expect(throws: SQLError.self) { try SQLJSONPath(sum, parameters: []) }
  }
}
