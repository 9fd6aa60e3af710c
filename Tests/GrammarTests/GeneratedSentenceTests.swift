import ApusGrammar
import ApusSyntax
import ApusValues
import Testing

@Suite("The grammar and the parser are the same language")
struct GeneratedSentenceTests {
  @Test("generated sentences parse, print and parse to the same tree", arguments: Dialect.allCases)
  func sentences(_ dialect: Dialect) throws {
    var generator = SentenceGenerator(try House.table(dialect), seed: House.seed(1))
    for _ in 0..<House.count(1_500, long: 10_000) {
      expectRoundTrip(generator.sentence().text, dialect: dialect)
    }
    for _ in 0..<400 where !generator.uncovered().isEmpty {
      generator.aimAtUncovered()
      for _ in 0..<20 { expectRoundTrip(generator.sentence().text, dialect: dialect) }
    }
    #expect(generator.uncovered() == [])
  }

  @Test("the recogniser takes what the generator makes", arguments: Dialect.allCases)
  func recognizedSentences(_ dialect: Dialect) throws {
    let table = try House.table(dialect)
    var generator = SentenceGenerator(table, seed: House.seed(2), depthBudget: 40, tokenBudget: 60)
    let recognizer = Recognizer(table)
    for _ in 0..<House.count(150, long: 1_000) {
      let sentence = generator.sentence()
      guard sentence.count <= 80 else { continue }
      #expect(recognizer.accepts(sentence), "\(sentence.text)")
    }
  }

  @Test(
    "parser and recogniser agree on sentences with one token changed",
    arguments: Dialect.allCases
  )
  func mutations(_ dialect: Dialect) throws {
    let table = try House.table(dialect)
    var generator = SentenceGenerator(table, seed: House.seed(3), depthBudget: 36, tokenBudget: 40)
    var random = RandomBits(seed: House.seed(4))
    let recognizer = Recognizer(table)
    var acceptedCount = 0
    var count = 0
    while count < House.count(1_200, long: 10_000) {
      let sentence = generator.sentence()
      guard sentence.count <= 60 else { continue }
      for _ in 0..<4 {
        count += 1
        let mutant = sentence.mutated(table, using: &random)
        let isAccepted = recognizer.accepts(mutant)
        acceptedCount += isAccepted ? 1 : 0
        expectAgreement(mutant.text, dialect, isAccepted: isAccepted)
      }
    }
    #expect(acceptedCount > count / 50)
  }

  private func expectAgreement(_ text: String, _ dialect: Dialect, isAccepted: Bool) {
    do {
      _ = try parseStatement(text, dialect: dialect)
      #expect(isAccepted, "the parser accepts, the grammar does not: \(text)")
      if isAccepted { expectRoundTrip(text, dialect: dialect) }
    } catch {
      #expect(!isAccepted, "the grammar accepts, the parser does not: \(text)\n\(error)")
      expectPlace(of: error, in: text)
    }
  }
}

/// Checks that an error is the user's and points into the text.
func expectPlace(of error: SQLError, in text: String) {
  #expect(error.code.errorClass == .user, "\(error)\n\(text)")
  guard let range = error.range else {
    Issue.record("\(error) has no place in \(text)")
    return
  }
  #expect(range.start >= 0 && range.start <= range.end && range.end <= text.utf8.count)
}
