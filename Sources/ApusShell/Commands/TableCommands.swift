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
        // Here patterns are those of LIKE.
        let pattern = command.word.map { $0 == "*" ? "%" : String($0) }.joined()
        return shell.runQuietly("SHOW FUNCTIONS" + like(pattern))
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

  private static func like(_ pattern: String, _ word: String = "LIKE ") -> String {
    guard !pattern.isEmpty else { return "" }
    let doubled = pattern.map { $0 == "'" ? "''" : String($0) }.joined()
    return " \(word)'\(doubled)'"
  }
}
