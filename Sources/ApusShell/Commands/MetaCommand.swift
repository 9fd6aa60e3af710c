import Apus
import ApusPlanner
import ApusSyntax
import ApusValues

/// A command that begins with a backslash: how it is called, what it says of itself, what it does.
package struct MetaCommand: Sendable {
  /// Without the backslash.
  package let name: String
  /// As `\?` shows them: `[NAME]`.
  package let parameters: String
  /// What it does, in a line.
  package let summary: String
  /// What may follow it, for completion.
  package let completion: Completion
  let run: @Sendable (CommandText, Shell) -> ShellStatus

  package enum Completion: Sendable, Equatable {
    case nothing
    case tables
    case schemas
    case functions
    case files
    case words([String])
  }

  init(
    _ name: String,
    _ parameters: String,
    _ summary: String,
    completion: Completion = .nothing,
    run: @escaping @Sendable (CommandText, Shell) -> ShellStatus
  ) {
    self.name = name
    self.parameters = parameters
    self.summary = summary
    self.completion = completion
    self.run = run
  }

  init(
    _ name: String,
    _ summary: String,
    run: @escaping @Sendable (CommandText, Shell) -> ShellStatus
  ) {
    self.init(name, "", summary, run: run)
  }
}

/// Commands that are listed together.
package struct MetaCommandFamily: Sendable {
  package let title: String
  package let commands: [MetaCommand]
}

extension MetaCommand {
  /// All commands; `\?` lists them in this order.
  package static let families: [MetaCommandFamily] = [
    generalCommands, tableCommands, displayCommands, statementCommands, fileCommands,
  ]

  /// Finds a command by its name.
  package static func named(_ name: String) -> MetaCommand? {
    families.lazy.flatMap(\.commands).first { $0.name == name }
  }
}

extension Shell {
  /// Runs a command of the shell.
  package func run(_ command: CommandText) -> ShellStatus {
    guard let definition = MetaCommand.named(command.name) else {
      let names = MetaCommand.families.flatMap(\.commands).map(\.name)
      let near = nearestName(to: command.name, among: names)
      return refuse(
        "no command is called '\\\(command.name)'",
        hint: near.map { "Did you mean '\\\($0)'?" } ?? "\\? lists them."
      )
    }
    return definition.run(command, self)
  }

  /// Says why a command does nothing.
  func refuse(_ message: String, hint: String? = nil) -> ShellStatus {
    complain("error: \(message)\n" + (hint.map { "hint: \($0)\n" } ?? ""))
    return .failure
  }

  /// Runs a statement that a command stands for; `lastStatement` stays what the user wrote.
  func runQuietly(_ sql: String) -> ShellStatus {
    let last = lastStatement
    defer { lastStatement = last }
    return run(StatementText(text: sql, range: SourceRange(start: 0, end: 0), isTerminated: true))
  }

  /// Runs a command of the system's shell.
  func runProgram(_ command: String) -> ChildProcess.Outcome {
    let outcome = ChildProcess.run(command)
    // The terminal sends Ctrl-C to this process as well, which is not meant for what comes next.
    if outcome == .interrupted, let wakeups, wakeups.wait(.milliseconds(200)) { wakeups.drain() }
    return outcome
  }

  /// Reads `on`, `off` or nothing, which turns the setting over; nil is anything else.
  func switched(_ word: String, from current: Bool) -> Bool? {
    switch word.lowercased() {
    case "": !current
    case "on", "true", "yes": true
    case "off", "false", "no": false
    default: nil
    }
  }
}
