import ApusGrammar
import ApusSyntax
import ApusValues
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Knows where the package is and how long the tests may take.
enum House {
  /// The root of the package, from the place of this file.
  static let folder = GrammarFolder(
    root: #filePath.split(separator: "/", omittingEmptySubsequences: false)
      .dropLast(3).joined(separator: "/")
  )

  static let grammar: Result<Grammar, GrammarError> = Result { () throws(GrammarError) in
    try folder.readGrammar()
  }

  /// Returns `short`, or `long` where APUS_LONG_TESTS is set.
  static func count(_ short: Int, long: Int) -> Int {
    getenv("APUS_LONG_TESTS") == nil ? short : long
  }

  /// Returns a seed that APUS_SEED moves, to search where nobody has yet.
  static func seed(_ seed: UInt64) -> UInt64 {
    guard let text = getenv("APUS_SEED"), let offset = UInt64(String(cString: text)) else {
      return seed
    }
    return seed &+ offset &* 1_000
  }

  static func table(_ dialect: Dialect = .trino) throws -> GrammarTable {
    GrammarTable(try grammar.get(), dialect: dialect.rawValue)
  }

  /// Returns how many statements of the hostile run there are in all; APUS_HOSTILE_COUNT says so.
  static var hostileCount: Int {
    getenv("APUS_HOSTILE_COUNT").flatMap { Int(String(cString: $0)) } ?? 200_000
  }

  static func readQueries(_ folder: String) throws -> [(name: String, text: String)] {
    try House.folder.names(in: folder).map { ($0, try House.folder.read("\(folder)/\($0)")) }
  }
}

/// Parses a text that is a sentence of a rule, as a statement around it.
struct RuleText {
  var statement: String
  /// Where the text begins in the statement, in bytes.
  var offset: Int

  init(_ text: String, as rule: String) {
    let (before, after) =
      switch rule {
      case "text", "expression", "jsonCall": ("VALUES ", "")
      case "qualifiedName": ("TABLE ", "")
      case "typeName": ("SELECT CAST(x AS ", ")")
      case "jsonTable": ("SELECT * FROM ", "")
      case "matchRecognize": ("SELECT * FROM t ", "")
      default: ("", "")
      }
    statement = before + text + after
    offset = before.utf8.count
  }
}

/// Checks that a tree's own text, which is Trino's whoever wrote the first one, parses to an equal
/// tree.
func expectRoundTrip(
  _ text: String,
  dialect: Dialect = .trino,
  _ location: SourceLocation = #_sourceLocation
) {
  do {
    let tree = try parseStatement(text, dialect: dialect)
    if let failure = roundTripFailure(of: tree) {
      Issue.record("\(text)\n-> \(failure)", sourceLocation: location)
    }
  } catch {
    Issue.record("\(text)\n\(error) at \(place(of: error))", sourceLocation: location)
  }
}

/// What is wrong with a tree's own text; nil if it parses to an equal tree.
func roundTripFailure(of tree: Statement) -> String? {
  let printed = SQLPrinter.text(of: tree)
  // Parameters that come twice, or in another order, have numbers, which only PostgreSQL has.
  let isNumbered = Lexer(printed, dialect: .postgres).tokens.contains {
    $0.kind == .numberedParameter
  }
  do {
    let again = try parseStatement(printed, dialect: isNumbered ? .postgres : .trino)
    return again == tree ? nil : printed
  } catch {
    return "\(printed)\n\(error) at \(place(of: error))"
  }
}

func place(of error: any Error) -> String {
  guard let range = (error as? SQLError)?.range else { return "no place" }
  return "\(range.start)..<\(range.end)"
}

extension [SentenceToken] {
  /// The tokens of a text as the parser's lexer cuts them.
  init(lexing text: String, dialect: Dialect = .trino) {
    let bytes = Array<UInt8>(text.utf8)
    self = Lexer(text, dialect: dialect).tokens.dropLast().map { token in
      let kind: SentenceToken.Kind =
        switch token.kind {
        case .keyword(let keyword): .keyword(keyword.rawValue)
        case .symbol(let symbol): .symbol(symbol.rawValue)
        default: .token("\(token.kind)")
        }
      let content = bytes[token.range.start..<token.range.end]
      return SentenceToken(kind: kind, text: String(decoding: content, as: UTF8.self))
    }
  }
}
