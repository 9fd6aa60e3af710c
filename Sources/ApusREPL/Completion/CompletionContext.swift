import ApusShell
import ApusSyntax
import ApusValues

/// What is being written where the cursor is.
struct CompletionContext: Equatable {
  enum Subject: Equatable {
    /// The name of a command, after its backslash.
    case command
    /// What follows the name of a command.
    case argument(MetaCommand.Completion)
    /// A path in quotes that stands for a table.
    case path
    /// A table, a view or the schema before one.
    case relation
    case schema
    /// What follows `schema.` where a relation stands.
    case relationIn(String)
    /// What follows `relation.` in an expression.
    case columnOf([String])
    case property
    /// A keyword, a column or a function.
    case anything
    /// Something that has no name yet, such as a text.
    case nothing
  }

  var subject: Subject
  /// What has been written of the word.
  var prefix = ""
  /// The statement before the word.
  var beginning = ""
  /// The tables that the statement names, before and after the cursor.
  var relations: [RelationReference] = []
}

/// A table that a statement names.
struct RelationReference: Hashable {
  enum Source: Hashable {
    case name([String])
    case path(String)
  }

  var source: Source
  /// In lower case, as names without quotes are folded.
  var alias: String?
}

extension CompletionContext {
  /// Looks at a text up to the cursor, and at what follows it.
  init(before: String, after: String) {
    var scanner = StatementScanner(before)
    while let piece = scanner.next() {
      guard case .command(let command) = piece, command.range.end == before.utf8.count else {
        continue
      }
      self.init(command: command, isNameFinished: before.last?.isWhitespace == true)
      return
    }
    let statement = scanner.pending ?? ""
    let following = after.prefix { $0 != ";" }
    let relations = RelationReference.all(in: Lexer(statement + following))
    switch scanner.place {
    case .text:
      self.init(openText: statement, relations)
    case .quotedName, .comment:
      self.init(subject: .nothing)
    case .start, .statement, .parentheses:
      let word = String(
        statement.reversed().prefix { $0.isLetter || $0.isNumber || $0 == "_" }
          .reversed()
      )
      let beginning = String(statement.dropLast(word.count))
      let tokens = TokenSequence(Lexer(beginning))
      let subject = CompletionContext.subject(tokens)
      self.init(subject: subject, prefix: word, beginning: beginning, relations: relations)
    }
  }

  private init(command: CommandText, isNameFinished: Bool) {
    if command.argument.isEmpty, !isNameFinished {
      self.init(subject: .command, prefix: command.name)
      return
    }
    let completion = MetaCommand.named(command.name)?.completion ?? .nothing
    if completion == .files {
      self.init(subject: .argument(.files), prefix: command.argument)
      return
    }
    let words =
      isNameFinished && !command.argument.isEmpty
      ? [] : command.argument.split(separator: " ", omittingEmptySubsequences: false)
    self.init(
      subject: .argument(words.count > 1 ? .nothing : completion),
      prefix: words.last.map(String.init) ?? ""
    )
  }

  /// Within a text that is not closed: a path if a table could stand here.
  private init(openText statement: String, _ relations: [RelationReference]) {
    let lexer = Lexer(statement)
    guard let quote = lexer.tokens.last, quote.kind == .invalid else {
      self.init(subject: .nothing)
      return
    }
    let bytes = Array(statement.utf8)
    let beginning = String(decoding: bytes[..<quote.range.start], as: UTF8.self)
    let text = String(decoding: bytes[(quote.range.start + 1)...], as: UTF8.self)
    let isRelation = CompletionContext.subject(TokenSequence(Lexer(beginning))) == .relation
    self.init(subject: isRelation ? .path : .nothing, prefix: text, beginning: beginning)
  }

  /// What the tokens before a word ask for.
  private static func subject(_ tokens: TokenSequence) -> Subject {
    let last = tokens.kind(1)
    if last == .symbol(.point) {
      let names = tokens.namesBeforeLastPoint
      guard !names.isEmpty else { return .nothing }
      return subject(tokens.dropping(names.count * 2)) == .relation
        ? .relationIn(names.last ?? "") : .columnOf(names)
    }
    guard case .keyword(let keyword)? = last else {
      return last == .symbol(.comma) && tokens.isInFromClause ? .relation : .anything
    }
    switch keyword {
    case .join, .into, .describe, .desc, .partitions, .formatted, .extended:
      // DESC is a direction as well.
      return keyword == .desc && tokens.count > 1 ? .anything : .relation
    case .from:
      switch tokens.kind(2) {
      case .keyword(.tables), .keyword(.views), .keyword(.schemas), .keyword(.databases):
        return .schema
      case .keyword(.distinct): return .anything
      default: return tokens.isInFunctionOfWords ? .anything : .relation
      }
    case .in:
      switch tokens.kind(2) {
      case .keyword(.tables), .keyword(.views), .keyword(.schemas), .keyword(.databases):
        return .schema
      case .keyword(.columns): return .relation
      default: return .anything
      }
    case .table, .view:
      switch tokens.kind(2) {
      case .keyword(.create) where tokens.kind(3) != .keyword(.show): return .nothing
      case .keyword(.replace): return .nothing
      default: return .relation
      }
    case .exists:
      return tokens.kind(2) == .keyword(.if) ? .relation : .anything
    case .use:
      return .schema
    case .session:
      let before = tokens.kind(2)
      return before == .keyword(.set) || before == .keyword(.reset) ? .property : .anything
    default:
      return .anything
    }
  }
}
