import Apus
import ApusPlanner

extension MetaCommand {
  static let tableCommands = MetaCommandFamily(
    title: "Tables",
    commands: [
      MetaCommand(
        "d",
        "[NAME]",
        "Describe a table, a view or a path in quotes; list tables",
        completion: .tables
      ) { command, shell in
        let name = command.word
        return shell.runQuietly(name.isEmpty ? "SHOW TABLES" : "DESCRIBE " + name)
      },
      MetaCommand("dt", "[PATTERN]", "List tables and views; sales.o* is a pattern") {
        command,
        shell in
        shell.runQuietly("SHOW TABLES" + inSchema(command.word))
      },
      MetaCommand("dv", "[PATTERN]", "List views") { command, shell in
        shell.runQuietly("SHOW VIEWS" + inSchema(command.word, patternWord: "LIKE "))
      },
      MetaCommand("dn", "[PATTERN]", "List schemas") { command, shell in
        shell.runQuietly("SHOW SCHEMAS" + like(command.word))
      },
      MetaCommand("df", "[PATTERN]", "List functions", completion: .functions) { command, shell in
        shell.runQuietly("SHOW FUNCTIONS" + like(functionPattern(command.word)))
      },
      MetaCommand(
        "df+",
        "[PATTERN]",
        "Describe functions and forms of the language, with examples",
        completion: .functions
      ) { command, shell in
        let name = command.word
        let pattern = name.isEmpty ? nil : functionPattern(name)
        let functions = shell.session.functionDescriptions(like: pattern)
        guard !functions.isEmpty else {
          let names = shell.session.functionDescriptions(like: nil).map(\.name)
          return shell.refuse(
            "no function is called '\(name)'",
            hint: nearestName(to: name, among: names).map { "Did you mean '\($0)'?" }
          )
        }
        shell.say(functions.map(described).joined(separator: "\n\n"))
        return .success
      },
      MetaCommand("l", "List catalogs") { _, shell in shell.runQuietly("SHOW CATALOGS") },
    ]
  )

  /// ` IN schema 'pattern'` for `schema.pattern`, ` 'pattern'` for a pattern.
  private static func inSchema(_ word: String, patternWord: String = "") -> String {
    guard let point = word.firstIndex(of: ".") else { return like(word, patternWord) }
    let schema = word[..<point]
    let pattern = String(word[word.index(after: point)...])
    return " IN \(schema)" + like(pattern, patternWord)
  }

  /// A pattern of LIKE for one of the shell's.
  private static func functionPattern(_ word: String) -> String {
    word.map { $0 == "*" ? "%" : String($0) }.joined()
  }

  /// Calls with what they mean below, then the examples.
  private static func described(_ function: FunctionDescription) -> String {
    func indented(_ text: String) -> String {
      text.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")
    }
    let meanings = function.meanings.map { meaning in
      meaning.calls.joined(separator: "\n") + "\n" + indented(meaning.summary)
    }
    return meanings.joined(separator: "\n") + "\n\n"
      + function.examples.map { indented($0.commented) }.joined(separator: "\n")
  }

  private static func like(_ pattern: String, _ word: String = "LIKE ") -> String {
    guard !pattern.isEmpty else { return "" }
    let doubled = pattern.map { $0 == "'" ? "''" : String($0) }.joined()
    return " \(word)'\(doubled)'"
  }
}
