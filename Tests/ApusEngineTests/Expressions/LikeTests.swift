import ApusPlanner
import ApusValues
import ApusVectors
import Testing

@testable import ApusEngine

@Suite struct LikeTests {
  private func like(_ value: String, _ pattern: String, escape: String? = nil) -> String {
    printed(
      .like(
        Like(
          text(value),
          pattern: text(pattern),
          escape: escape.map { text($0) },
          range: nil
        )
      )
    )
  }

  @Test func shapes() {
    let cases: [(String, String, Bool)] = [
      ("Newark", "Newark", true), ("Newark", "newark", false), ("Newark", "New%", true),
      ("Newark", "%ark", true), ("Newark", "%wa%", true), ("Newark", "%aw%", false),
      ("Newark", "N%a%k", true), ("Newark", "N%k%a", false), ("Newark", "%", true),
      ("", "%", true), ("", "", true), ("", "_", false), ("a", "", false),
      ("Zürich", "Z_rich", true), ("Zürich", "Z__rich", false), ("日本語", "___", true),
      ("日本語", "%_語", true), ("aaa", "%a_", true), ("ab", "%a_b", false), ("aXb", "%a_b", true),
      ("aba", "aba%aba", false), ("abaaba", "aba%aba", true), ("abab", "%ab", true),
      ("xaby", "%a_%", true), ("xa", "%a_%", false), ("abcabd", "%ab_%abd", true),
      ("San Francisco International", "%Inter%", true),
      ("San Francisco International Airport", "%port", true),
      ("San Francisco International Airport", "%Airports%", false),
    ]
    for (value, pattern, expected) in cases {
      #expect(like(value, pattern) == "\(expected)", "\(value) LIKE \(pattern)")
    }
  }

  @Test func escapes() {
    #expect(like("50%", "50#%", escape: "#") == "true")
    #expect(like("50x", "50#%", escape: "#") == "false")
    #expect(like("a_b", "a\\_b", escape: "\\") == "true")
    #expect(like("a#b", "a##b", escape: "#") == "true")
    #expect(like("a", "a#", escape: "#").hasPrefix("INVALID_FUNCTION_ARGUMENT: Escape character"))
    #expect(like("a", "#ab", escape: "#").hasPrefix("INVALID_FUNCTION_ARGUMENT: Escape character"))
    #expect(like("a", "a", escape: "##").hasPrefix("INVALID_FUNCTION_ARGUMENT: Escape string"))
  }

  @Test func everyEncodingAgreesWithASlowMatcher() throws {
    var generator = SeededGenerator(seed: 5)
    let letters = Array("ab%_")
    func random(_ alphabet: [Character], _ length: Int) -> String {
      String(
        (0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] }
      )
    }
    let values = (0..<80).map { index in random(["a", "b", "ü"], index % 25) }
    for _ in 0..<60 {
      let pattern = random(letters, Int.random(in: 0..<6, using: &generator))
      let constant = Expression.like(
        Like(column(0, .text), pattern: text(pattern), escape: nil, range: nil)
      )
      let column0 = flat(values.map { .text($0) }, .text)
      let outcome = try evaluate(constant, over: [column0])
      #expect(
        outcome.values
          == values.map {
            .boolean(slowLike(Array($0.unicodeScalars), Array(pattern.unicodeScalars)))
          },
        "\(pattern)"
      )
      try expectSameInEveryEncoding(constant, [(values.map { .text($0) }, .text)])
      let variable = Expression.like(
        Like(column(0, .text), pattern: column(1, .text), escape: nil, range: nil)
      )
      let patterns = flat(values.map { _ in .text(pattern) }, .text)
      #expect(try evaluate(variable, over: [column0, patterns]).values == outcome.values)
    }
  }

  private func slowLike(_ text: [Unicode.Scalar], _ pattern: [Unicode.Scalar]) -> Bool {
    guard let first = pattern.first else { return text.isEmpty }
    let rest = Array(pattern.dropFirst())
    if first == "%" {
      return (0...text.count).contains { slowLike(Array(text.dropFirst($0)), rest) }
    }
    guard let head = text.first, first == "_" || first == head else { return false }
    return slowLike(Array(text.dropFirst()), rest)
  }
}

@Suite struct ByteSearchTests {
  @Test func agreesWithAPlainSearch() {
    var generator = SeededGenerator(seed: 8)
    for length in 0..<70 {
      let haystack = (0..<length).map { _ in UInt8.random(in: 97...99, using: &generator) }
      for needleLength in 0..<6 {
        let needle = (0..<needleLength).map { _ in UInt8.random(in: 97...99, using: &generator) }
        for start in [0, 1, length / 2, length] where start <= length {
          let expected = (start...length).first {
            haystack.count - $0 >= needle.count
              && Array(haystack[$0..<($0 + needle.count)]) == needle
          }
          let found = needle.withUnsafeBytes { needle in
            haystack.withUnsafeBytes { ByteSearch.find(needle, in: $0, from: start) }
          }
          #expect(found == expected)
        }
      }
    }
  }
}
