import ApusGrammar
import ApusSyntax
import ApusValues
import Testing

/// Texts that mean harm, or that nobody has thought of.
///
/// APUS_HOSTILE_COUNT=10000000 makes the run as long as one likes, APUS_SEED another one.
@Suite("No text crashes the parser, and none keeps it busy")
struct HostileTextTests {
  /// The run is cut into parts, which the tests' runner gives to all processors.
  private static let partCount = 8

  @Test("generated and mutated statements", arguments: Dialect.allCases, 0..<partCount)
  func statements(_ dialect: Dialect, _ part: Int) throws {
    let table = try House.table(dialect)
    let seed = House.seed(100 + UInt64(part))
    var generator = SentenceGenerator(table, seed: seed, depthBudget: 36, tokenBudget: 50)
    var random = RandomBits(seed: seed &+ 50)
    var count = House.hostileCount / (Dialect.allCases.count * Self.partCount)
    while count > 0 {
      let sentence = generator.sentence()
      expectSound(sentence.text, dialect)
      count -= 1
      for _ in 0..<6 {
        expectSound(sentence.mutated(table, using: &random).text, dialect)
        expectSound(mutatedBytes(sentence.text, &random), dialect)
        count -= 2
      }
    }
  }

  private func mutatedBytes(_ text: String, _ random: inout RandomBits) -> String {
    var bytes = Array(text.utf8)
    for _ in 0...random.below(3) {
      guard !bytes.isEmpty else { break }
      let position = random.below(bytes.count)
      switch random.below(4) {
      case 0: bytes[position] = UInt8(truncatingIfNeeded: random.next())
      case 1: bytes.remove(at: position)
      case 2: bytes.removeSubrange(position..<min(position + random.below(20), bytes.count))
      default: bytes.insert(UInt8(32 + random.below(96)), at: position)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Checks that a text is read and written back, or refused at a place inside it.
  private func expectSound(_ text: String, _ dialect: Dialect) {
    do throws(SQLError) {
      let tree = try parseStatement(text, dialect: dialect)
      if let failure = roundTripFailure(of: tree) { Issue.record("\(text)\n-> \(failure)") }
    } catch {
      let isUsers = error.code.errorClass == .user
      guard isUsers, let range = error.range, range.start >= 0, range.start <= range.end,
        range.end <= text.utf8.count
      else {
        Issue.record("\(text)\n\(error) at \(place(of: error))")
        return
      }
    }
  }

  /// Texts that grow with a number, which must not cost more than in proportion.
  static let shapes: [(name: String, text: @Sendable (Int) -> String)] = [
    ("parentheses", { "SELECT " + repeated("(", $0) + "1" + repeated(")", $0) }),
    ("open parentheses", { "SELECT " + repeated("(", $0) }),
    ("parentheses in FROM", { "SELECT * FROM " + repeated("(", $0) + "t" + repeated(")", $0) }),
    ("queries in parentheses", { repeated("(", $0) + "SELECT 1" + repeated(")", $0) }),
    ("OR", { "SELECT a = 1" + repeated(" OR a = 1", $0) }),
    ("NOT", { "SELECT " + repeated("NOT ", $0) + "a" }),
    ("signs", { "SELECT " + repeated("- ", $0) + "a" }),
    ("sums", { "SELECT 1" + repeated(" + 1", $0) }),
    ("CASE", { "SELECT CASE" + repeated(" WHEN a THEN b", $0) + " END" }),
    ("nested CASE", { "SELECT " + repeated("CASE WHEN a THEN ", $0) + "b" + repeated(" END", $0) }),
    ("commas", { "SELECT a" + repeated(", a", $0) }),
    ("names in parentheses", { "SELECT f((a" + repeated(", a", $0) + "))" }),
    ("nested lists of names", { "SELECT " + repeated("f((a, b, c), ", $0) }),
    ("IN", { "SELECT a IN (1" + repeated(", 1", $0) + ")" }),
    ("path", { "SELECT a" + repeated(".a", $0) }),
    ("path of FINAL", { "SELECT final a" + repeated(".final", $0) }),
    ("subscripts", { "SELECT a" + repeated("[1]", $0) }),
    ("casts", { "SELECT a" + repeated("::int", $0) }),
    ("types", { "SELECT CAST(a AS " + repeated("array(", $0) + "int" + repeated(")", $0) + ")" }),
    ("lambdas", { "SELECT f(" + repeated("a -> ", $0) + "a)" }),
    ("UNION", { "SELECT 1" + repeated(" UNION SELECT 1", $0) }),
    ("joins", { "SELECT * FROM a" + repeated(" JOIN b ON c", $0) }),
    ("joins without ON", { "SELECT * FROM a" + repeated(" JOIN b", $0) }),
    ("WITH", { "WITH a AS (SELECT 1)" + repeated(", a AS (SELECT 1)", $0) + " SELECT 1" }),
    ("EXPLAIN", { repeated("EXPLAIN ", $0) + "SELECT 1" }),
    ("PREPARE", { repeated("PREPARE p FROM ", $0) + "SELECT 1" }),
    ("privileges", { "GRANT update" + repeated(", update", $0) }),
    ("pattern", { "SELECT * FROM t MATCH_RECOGNIZE (PATTERN (" + repeated("(a | ", $0) }),
    ("escapes", { "SELECT " + repeated("{fn f(", $0) }),
    ("JSON", { "SELECT " + repeated("JSON_OBJECT(KEY ", $0) }),
    ("quote", { "SELECT '" + repeated("a\\'' ", $0) }),
    ("quotes", { "SELECT " + repeated("'a' ", $0) }),
    ("comment", { "SELECT " + repeated("/* ", $0) }),
    ("semicolons", { repeated("SELECT 1;", $0) }),
  ]

  @Test("steps grow in proportion to the text", arguments: Dialect.allCases)
  func steps(_ dialect: Dialect) {
    for shape in Self.shapes {
      for count in [100, 1_000, 8_000] {
        let text = shape.text(count)
        guard text.utf8.count <= SyntaxLimits.textByteCount else { continue }
        let steps = parsingStepCount(text, dialect: dialect)
        #expect(steps <= 40 * text.utf8.count + 400, "\(shape.name), \(count): \(steps)")
        expectSound(text, dialect)
      }
    }
  }

  @Test("what is nested deeper than the limit is refused at a place")
  func depth() throws {
    for shape in Self.shapes where shape.name.hasPrefix("nested") || shape.name == "parentheses" {
      let error = #expect(throws: SQLError.self) { _ = try parseStatement(shape.text(8_000)) }
      #expect(error?.range != nil, "\(shape.name)")
    }
  }

  @Test("calls that are written with their arguments turned are printed once")
  func nestedCalls() throws {
    for name in ["strpos", "ltrim", "rtrim", "trim"] {
      let text = "SELECT " + repeated("\(name)(", 100) + "a" + repeated(", b)", 100)
      expectRoundTrip(text)
    }
  }
}

private func repeated(_ text: String, _ count: Int) -> String {
  String(repeating: text, count: count)
}
