import Testing

@testable import ApusREPL

/// What is offered for beginnings of statements; `|` is the cursor.
@Suite struct CompletionTests {
  /// A catalog of a few names.
  private final class Names: NameSource {
    func relations(in schema: String?) -> [String] {
      schema == "sales" ? ["orders", "customers"] : ["flights", "airlines", "flight plans"]
    }

    func schemas() -> [String] { ["default", "sales"] }

    func columns(of relation: RelationReference.Source) -> [String] {
      switch relation {
      case .name(["flights"]): ["carrier", "dep_delay", "dep_time", "month"]
      case .name(["airlines"]): ["carrier", "name"]
      case .name(["sales", "orders"]): ["total"]
      case .path("data/it's.parquet"): ["from_path"]
      default: []
      }
    }

    func functions() -> [String] { ["count", "count_if", "concat", "date_trunc"] }

    func properties() -> [String] { ["batch_capacity", "thread_count"] }
  }

  private func candidates(_ text: String, pending: String = "") -> [String] {
    let parts = text.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
    let completer = Completer(Names())
    let context = CompletionContext(before: pending + parts[0], after: String(parts[1]))
    return completer.candidates(context)
  }

  @Test(arguments: [
    ("SEL|", ["SELECT "]), ("sel|", ["select "]), ("Sel|", ["select "]),
    ("SELECT * FROM flights WH|", ["WHERE "]), ("select * from flights |", ["where ", "join "]),
    ("SELECT * FROM flights ORDER |", ["BY "]),
  ])
  func keywords(text: String, wanted: [String]) {
    let found = candidates(text)
    for word in wanted { #expect(found.contains(word), "\(word) among \(found)") }
  }

  @Test func noKeywordThatCannotCome() {
    #expect(!candidates("SELECT * FROM flights WHERE carrier |").contains("FROM "))
    #expect(candidates("SELECT * FROM flights GROUP x|").isEmpty)
  }

  @Test(arguments: [
    "SELECT * FROM fl|", "SELECT * FROM airlines JOIN fl|", "SELECT * FROM airlines, fl|",
    "DESCRIBE fl|", "INSERT INTO fl|", "SHOW COLUMNS FROM fl|", "SHOW COLUMNS IN fl|",
    "DROP VIEW fl|", "DROP VIEW IF EXISTS fl|", "SELECT (SELECT max(x) FROM fl|",
  ])
  func tables(text: String) {
    #expect(candidates(text) == ["flights ", "flight plans "])
  }

  @Test func schemasStandBeforeTables() {
    #expect(candidates("SELECT * FROM sa|") == ["sales."])
    #expect(candidates("SELECT * FROM sales.|") == ["orders", "customers"])
    #expect(candidates("USE |") == ["default", "sales"])
    #expect(candidates("SHOW TABLES IN s|") == ["sales"])
  }

  @Test(arguments: [
    ("SELECT dep_| FROM flights", ["dep_delay", "dep_time"]),
    ("SELECT * FROM flights WHERE dep_d|", ["dep_delay"]),
    ("SELECT * FROM flights f WHERE f.mon|", ["month"]),
    ("SELECT f.dep_t| FROM flights AS f", ["dep_time"]),
    ("SELECT flights.mon| FROM flights", ["month"]),
    ("SELECT a.n| FROM flights f JOIN airlines a ON a.carrier = f.carrier", ["name"]),
    ("SELECT sales.orders.t| FROM sales.orders", ["total"]),
    ("SELECT fro| FROM 'data/it''s.parquet'", ["from_path"]),
    ("SELECT DEP_D| FROM flights", ["dep_delay"]),
  ])
  func columns(text: String, wanted: [String]) {
    #expect(candidates(text).filter { !$0.hasSuffix(" ") && !$0.hasSuffix("(") } == wanted)
  }

  @Test func extractFromIsNoTable() {
    #expect(candidates("SELECT extract(year FROM mon| FROM flights").contains("month"))
    #expect(candidates("SELECT a IS DISTINCT FROM mon| FROM flights").contains("month"))
  }

  @Test func functionsOnceALetterIsThere() {
    #expect(candidates("SELECT count|").contains("count("))
    #expect(!candidates("SELECT |").contains("count("))
  }

  @Test func sessionProperties() {
    #expect(candidates("SET SESSION thr|") == ["thread_count "])
    #expect(candidates("RESET SESSION |") == ["batch_capacity ", "thread_count "])
  }

  @Test func commands() {
    #expect(candidates("\\pse|") == ["pset "])
    #expect(Set(candidates("\\d|")) == ["d ", "dt ", "dv ", "dn ", "df ", "df+ "])
    #expect(candidates("\\d fl|") == ["flights ", "flight plans "])
    #expect(candidates("\\x a|") == ["auto"])
    #expect(candidates("\\f m|") == ["markdown"])
    #expect(candidates("\\nosuch |").isEmpty)
  }

  @Test func anEarlierLineCounts() {
    #expect(candidates("WHERE dep_d|", pending: "SELECT *\nFROM flights\n") == ["dep_delay"])
  }

  @Test func anEarlierStatementDoesNotCount() {
    #expect(candidates("SELECT 1 FROM airlines; SELECT dep_| FROM flights").count == 2)
    #expect(candidates("SELECT 1 FROM flights; SELECT dep_|").isEmpty)
  }

  @Test func nothingWithinTextsNamesAndComments() {
    #expect(candidates("SELECT 'sel|").isEmpty)
    #expect(candidates("SELECT \"sel|").isEmpty)
    #expect(candidates("SELECT /* sel|").isEmpty)
  }

  /// The library says which bytes of the line it will replace, which may be fewer or more than the
  /// word.
  @Test func candidatesSuitTheBytesThatAreReplaced() {
    let completer = Completer(Names())
    let line = Array("SELECT 'é', dep_ FROM flights".utf8)
    let end = "SELECT 'é', dep_".utf8.count
    let whole = completer.candidates(line: line, start: end - 4, end: end)
    #expect(whole == ["dep_delay", "dep_time"])
    #expect(completer.candidates(line: line, start: end - 1, end: end) == ["_delay", "_time"])
    #expect(completer.candidates(line: line, start: end + 5, end: end).isEmpty)
  }
}
