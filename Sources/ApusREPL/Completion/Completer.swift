import ApusShell
import ApusSyntax

/// Finds what could stand where the cursor is.
final class Completer {
  private let names: any NameSource
  /// The lines of the statement before the one that is being edited.
  var pending: () -> String = { "" }

  init(_ names: any NameSource) { self.names = names }

  /// Returns what could stand in place of the bytes `start..<end` of a line, `end` being the cursor.
  func candidates(line: [UInt8], start: Int, end: Int) -> [String] {
    guard start >= 0, start <= end, end <= line.count else { return [] }
    let before = pending() + String(decoding: line[..<end], as: UTF8.self)
    let context = CompletionContext(
      before: before,
      after: String(decoding: line[end...], as: UTF8.self)
    )
    // The library's idea of where the word begins may be another than ours.
    let ownStart = end - context.prefix.utf8.count
    return candidates(context).map { candidate in
      if ownStart <= start {
        return String(decoding: candidate.utf8.dropFirst(start - ownStart), as: UTF8.self)
      }
      return String(decoding: line[start..<ownStart], as: UTF8.self) + candidate
    }
  }

  /// Returns whole words for the prefix of a context, with what should follow them.
  func candidates(_ context: CompletionContext) -> [String] {
    switch context.subject {
    case .nothing:
      return []
    case .command:
      return MetaCommand.families.flatMap(\.commands).filter { $0.name.hasPrefix(context.prefix) }
        .map { $0.parameters.isEmpty ? $0.name : $0.name + " " }
    case .argument(let completion):
      return arguments(completion, context)
    case .path:
      return PathNames.matching(context.prefix).map { $0.isFolder ? $0.path : $0.path + "'" }
    case .relation:
      return relations(context)
    case .relationIn(let schema):
      return matching(names.relations(in: schema), context)
    case .schema:
      return matching(names.schemas(), context)
    case .columnOf(let qualifier):
      return matching(columns(of: qualifier, context), context)
    case .property:
      return matching(names.properties(), context, suffix: " ")
    case .anything:
      return expressions(context)
    }
  }

  private func arguments(
    _ completion: MetaCommand.Completion,
    _ context: CompletionContext
  ) -> [String] {
    switch completion {
    case .nothing: []
    case .tables: relations(context)
    case .schemas: matching(names.schemas(), context)
    case .functions: matching(names.functions(), context)
    case .files: PathNames.matching(context.prefix).map(\.path)
    case .words(let words): matching(words, context)
    }
  }

  private func relations(_ context: CompletionContext) -> [String] {
    matching(names.relations(in: nil), context, suffix: " ")
      + matching(names.schemas(), context, suffix: ".")
  }

  /// The columns of the table that an alias or a name stands for.
  private func columns(of qualifier: [String], _ context: CompletionContext) -> [String] {
    let named = context.relations.first { reference in
      if qualifier.count == 1, let alias = reference.alias { return alias == qualifier[0] }
      guard case .name(let parts) = reference.source else { return false }
      return parts == qualifier || parts.last.map { [$0] } == qualifier
    }
    return named.map { names.columns(of: $0.source) } ?? []
  }

  private func expressions(_ context: CompletionContext) -> [String] {
    let expected = expectedWords(after: context.beginning, startingWith: context.prefix)
    let keywords =
      expected?.keywords
      ?? Keyword.allCases.map(\.rawValue).filter { $0.hasPrefix(context.prefix.uppercased()) }
    var result = keywords.map { inCase(of: context, $0) + " " }
    guard expected?.acceptsName ?? true else { return result }
    var seen: Set<String> = []
    for relation in Set(context.relations) {
      for column in names.columns(of: relation.source) where seen.insert(column).inserted {
        result += matching([column], context)
      }
    }
    result += matching(context.relations.compactMap(\.alias), context, suffix: ".")
    // All functions at once would bury everything else.
    if !context.prefix.isEmpty { result += matching(names.functions(), context, suffix: "(") }
    return result
  }

  /// The names that begin with the prefix, quoted where SQL would read them otherwise.
  private func matching(
    _ names: [String],
    _ context: CompletionContext,
    suffix: String = ""
  ) -> [String] {
    let prefix = context.prefix.lowercased()
    return names.filter { $0.lowercased().hasPrefix(prefix) }.map { name in
      (needsQuotes(name) && prefix.isEmpty ? "\"\(name)\"" : name) + suffix
    }
  }

  private func needsQuotes(_ name: String) -> Bool {
    name.unicodeScalars.contains { scalar in
      !(("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) || scalar == "_")
    }
  }

  /// A keyword in the letters that its user prefers: those of the word, else of the last keyword.
  private func inCase(of context: CompletionContext, _ keyword: String) -> String {
    let lexer = Lexer(context.beginning)
    var sample = context.prefix
    if sample.isEmpty {
      let last = lexer.tokens.last { token in
        if case .keyword = token.kind { true } else { false }
      }
      sample = last.map { lexer.text(of: $0) } ?? ""
    }
    return sample.contains { $0.isLowercase } ? keyword.lowercased() : keyword
  }
}
