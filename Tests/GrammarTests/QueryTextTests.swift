import ApusGrammar
import ApusSyntax
import ApusValues
import Testing

@Suite("Real queries")
struct QueryTextTests {
  private static let tpch = "Benchmarks/queries/tpch"

  @Test("the queries of TPC-H parse and round trip")
  func tpch() throws {
    let queries = try House.readQueries(Self.tpch)
    #expect(queries.count == 22)
    for query in queries { expectRoundTrip(query.text) }
  }

  @Test("the queries over hits parse and round trip, as one file")
  func hits() throws {
    let text = try House.folder.read("Tests/data/sql/hits.sql")
    let statements = try parseStatements(text)
    #expect(statements.count == 43)
    let bytes = Array(text.utf8)
    for statement in statements {
      let range = statement.source.range
      #expect(Array(statement.source.text.utf8) == Array(bytes[range.start..<range.end]))
      expectRoundTrip(statement.source.text)
    }
  }

  /// Queries of TPC-H and the examples of all other statements.
  private func texts() throws -> [String] {
    try House.readQueries(Self.tpch).map(\.text)
      + House.grammar.get().examples.filter { $0.file.hasPrefix("Statements/") }.map(\.text)
  }

  @Test("no prefix of a statement crashes, and each error points into the text")
  func prefixes() throws {
    for text in try texts() {
      var prefix = ""
      for scalar in text.unicodeScalars {
        expectNoCrash(prefix)
        prefix.unicodeScalars.append(scalar)
      }
    }
  }

  @Test("no change of a few bytes crashes")
  func byteMutations() throws {
    var random = RandomBits(seed: House.seed(5))
    let texts = try texts()
    for _ in 0..<House.count(3_000, long: 20_000) {
      var bytes = Array((random.pick(texts) ?? "").utf8)
      guard !bytes.isEmpty else { continue }
      for _ in 0...random.below(4) {
        let position = random.below(bytes.count)
        switch random.below(3) {
        case 0: bytes[position] = UInt8(truncatingIfNeeded: random.next())
        case 1: bytes.remove(at: position)
        default: bytes.insert(UInt8(32 + random.below(96)), at: position)
        }
      }
      expectNoCrash(String(decoding: bytes, as: UTF8.self))
    }
  }

  private func expectNoCrash(_ text: String) {
    do {
      _ = try parseStatement(text)
    } catch {
      expectPlace(of: error, in: text)
    }
  }
}
