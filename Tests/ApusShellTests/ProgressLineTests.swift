import Apus
import ApusShell
import Testing

/// The line that says how far a query is, at given times.
@Suite("ProgressLine")
struct ProgressLineTests {
  private func text(
    _ fraction: Double?,
    after elapsed: Duration,
    width: Int = 80,
    bytes: Int = 13_003_000
  ) -> String? {
    var statistics = QueryStatistics()
    statistics.fractionScanned = fraction
    statistics.bytesScanned = bytes
    return ProgressLine().text(statistics, elapsed: elapsed, width: width)
  }

  @Test("appears after half a second")
  func delay() {
    #expect(text(0.5, after: .milliseconds(499)) == nil)
    #expect(text(0.5, after: .milliseconds(500)) != nil)
  }

  @Test("shows the part, the bytes, the time and the time that is left")
  func whole() {
    let bar = String(repeating: "█", count: 20) + String(repeating: "·", count: 20)
    #expect(
      text(0.5, after: .seconds(3), width: 100) == bar + "   50%  12.4 MB  3.0 s, about 3 s left"
    )
  }

  @Test(
    "guesses the time that is left from the part that is done",
    arguments: [
      (0.25, 5, "about 15 s left"), (0.02, 10, "about 8 min 10 s left"),
      (0.99, 2, "about 1 s left"), (0.05, 600, "about 3 h 10 min left"),
    ]
  )
  func timeLeft(fraction: Double, seconds: Int, wanted: String) throws {
    #expect(try #require(text(fraction, after: .seconds(seconds))).hasSuffix(wanted))
  }

  @Test("guesses nothing at the beginning and at the end")
  func noGuess() throws {
    #expect(!(try #require(text(0.01, after: .seconds(1))).contains("left")))
    #expect(text(1, after: .seconds(1)) == "12.4 MB  1.0 s")
    #expect(text(nil, after: .seconds(1)) == "1.0 s")
    #expect(ProgressLine().text(nil, elapsed: .seconds(61), width: 80) == "1 min 1 s")
  }

  @Test("never fills the last cell of a line", arguments: 1...120)
  func width(width: Int) {
    for fraction in [0, 0.013, 0.5, 0.999] {
      #expect((text(fraction, after: .seconds(100), width: width) ?? "").count < width)
    }
  }

  @Test(
    "quantities are said as people say them",
    arguments: [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KB"), (1_048_575, "1023.9 KB")]
  )
  func bytes(count: Int, wanted: String) { #expect(humanByteCount(count) == wanted) }

  @Test func counts() {
    #expect(humanCount(336_776, "row") == "336,776 rows")
    #expect(humanCount(1, "row") == "1 row")
    #expect(humanCount(0, "row") == "0 rows")
    #expect(humanCount(1000) == "1,000")
    #expect(secondsText(.milliseconds(1312)) == "1.312 s")
    #expect(secondsText(.microseconds(45)) == "0.000 s")
  }
}
