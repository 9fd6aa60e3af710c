/// Is the language as Grammar/ writes it down: keywords, tokens, rules and examples.
package struct Grammar: Sendable {
  package var keywords: [KeywordEntry] = []
  package var tokens: [TokenClass] = []
  package var rules: [Rule] = []
  package var examples: [Example] = []

  /// The rule of which every statement is a sentence.
  package static let startRule = "statement"
  /// The dialects that a guard can name.
  package static let dialects = ["trino", "hive", "postgres"]

  /// Whether what a guard names is there in a dialect; Athena's entry, `trino`, takes Hive's too.
  package static func holds(_ guarded: String?, in dialect: String) -> Bool {
    guarded == nil || guarded == dialect || guarded == "hive" && dialect == "trino"
  }

  package init() {}

  package func rule(_ name: String) -> Rule? { rules.first { $0.name == name } }
}

/// Is a line of Keywords.txt.
package struct KeywordEntry: Hashable, Sendable {
  package var word: String
  package var isReserved: Bool
  package var sources: [String]
  package var line: Int
}

/// Is a kind of token whose members the grammar does not list, with samples of it.
package struct TokenClass: Hashable, Sendable {
  package var name: String
  /// The kind that the lexer gives; then only the samples belong to this class.
  package var base: String?
  package var samples: [String]
  /// The one dialect that has it; nil for all.
  package var dialect: String?
}

/// Is `name = … .` with the comment before it.
package struct Rule: Sendable {
  package var name: String
  package var body: Element
  package var prose: String
  package var file: String
  package var line: Int
}

/// Is one part of a rule's right side.
package indirect enum Element: Sendable {
  case terminal(Terminal)
  case reference(String)
  case sequence([Element])
  /// `a | b`, with the number by which coverage knows it.
  case choice([Alternative], id: Int)
  /// `[ a ]`
  case optional(Element, id: Int)
  /// `{ a }`: any number of times, none too.
  case repetition(Element, id: Int)
  /// `! A`: nothing, where no token follows that matches.
  case exclusion(Terminal)
}

/// Is one side of a choice, perhaps only in one dialect.
package struct Alternative: Sendable {
  package var dialect: String?
  package var element: Element

  package func holds(in dialect: String) -> Bool { Grammar.holds(self.dialect, in: dialect) }
}

/// Is something that one token matches.
package enum Terminal: Hashable, Sendable {
  case keyword(String)
  case symbol(String)
  /// A token class by its name.
  case token(String)
  /// Any keyword that is not reserved and not one of these.
  case nonreserved(except: [String])
}

/// Is a text that must be, or must not be, a sentence: a statement in Statements/, elsewhere a
/// sentence of its file's first rule.
package struct Example: Sendable {
  package var text: String
  package var rule: String
  package var dialect: String
  /// Nil for a text that must parse.
  package var failure: Failure?
  package var file: String
  package var line: Int

  /// Says how a text must fail.
  package struct Failure: Hashable, Sendable {
    package var code: String
    /// Where, in bytes of the text.
    package var offset: Int
  }
}

/// Is a mistake in Grammar/ itself.
package struct GrammarError: Error, Hashable, Sendable, CustomStringConvertible {
  package var file: String
  package var line: Int
  package var message: String

  package var description: String { "\(file):\(line): \(message)" }
}
