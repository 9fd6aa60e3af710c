import ApusGrammar
import ApusSyntax
import ApusValues
import Testing

@Suite("Grammar/ is sound, and what is derived from it is fresh")
struct GrammarFolderTests {
  @Test("no rule is undefined, unused, left-recursive or without examples")
  func lint() throws {
    #expect(GrammarLint.mistakes(in: try House.grammar.get()) == [])
  }

  @Test("the generated files hold what the tool would write")
  func freshness() throws {
    for (path, text) in try House.folder.generated() {
      #expect(try House.folder.read(path) == text, "\(path): run swift run apus-grammar")
    }
  }

  @Test("keywords and error codes are those of the files")
  func tables() throws {
    let keywords = try House.grammar.get().keywords
    #expect(Keyword.allCases.map(\.rawValue) == keywords.map(\.word))
    #expect(Keyword.allCases.map(\.isReserved) == keywords.map(\.isReserved))
    let codes = try House.folder.readErrorCodes()
    #expect(ErrorCode.allCases.map(\.rawValue) == codes.map(\.name))
    #expect(ErrorCode.allCases.map(\.isCaughtByTry) == codes.map(\.isCaughtByTry))
  }

  @Test("the samples of each token are such tokens")
  func samples() throws {
    for token in try House.grammar.get().tokens {
      for sample in token.samples {
        let expected = SentenceToken(kind: .token(token.base ?? token.name), text: sample)
        let dialect = token.dialect.flatMap(Dialect.init) ?? .trino
        #expect([SentenceToken](lexing: sample, dialect: dialect) == [expected])
      }
    }
  }

  @Test("the examples parse, or fail where and as they say")
  func examples() throws {
    for example in try House.grammar.get().examples {
      let place = "\(example.file):\(example.line)"
      let text = RuleText(example.text, as: example.rule)
      guard let failure = example.failure else {
        expectRoundTrip(text.statement, dialect: try dialect(of: example))
        continue
      }
      do {
        _ = try parseStatement(text.statement, dialect: try dialect(of: example))
        Issue.record("\(place): accepted: \(example.text)")
      } catch let error as SQLError {
        #expect(error.code.rawValue == failure.code, "\(place): \(error)")
        #expect(error.range?.start == failure.offset + text.offset, "\(place): \(error)")
      }
    }
  }

  private func dialect(of example: Example) throws -> Dialect {
    try #require(Dialect(rawValue: example.dialect))
  }

  @Test("the recogniser takes the examples that parse and no others", arguments: Dialect.allCases)
  func recognizedExamples(_ dialect: Dialect) throws {
    let recognizer = Recognizer(try House.table(dialect))
    for example in try House.grammar.get().examples where example.dialect == dialect.rawValue {
      guard !example.text.contains(";") else { continue }
      let lexer = Lexer(example.text, dialect: dialect)
      guard lexer.error == nil else { continue }
      let tokens = [SentenceToken](lexing: example.text, dialect: dialect)
      let isAccepted = recognizer.accepts(tokens, as: example.rule)
      // The grammar has no rule for the escapes inside a text and the size of a number.
      if let failure = example.failure, failure.offset > 0, isAccepted {
        let isInside = ["\\26", "\\u00'", "9999"].contains { example.text.contains($0) }
        #expect(isInside, "\(example.text)")
      } else {
        #expect(isAccepted == (example.failure == nil), "\(example.file):\(example.line)")
      }
    }
  }
}
