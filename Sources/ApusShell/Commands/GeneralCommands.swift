import Apus
import ApusValues

extension MetaCommand {
  static let generalCommands = MetaCommandFamily(
    title: "General",
    commands: [
      MetaCommand("?", "List these commands") { _, shell in
        shell.say(helpText)
        return .success
      },
      MetaCommand("q", "Leave; so do exit, quit and Ctrl-D") { _, shell in
        shell.wantsToLeave = true
        return .success
      },
      MetaCommand("conninfo", "Say where statements run") { _, shell in
        let configuration = shell.session.engine.configuration
        shell.say(
          """
          Apus \(apusVersion), in this process.
          Warehouse: \(configuration.warehouse)
          Current schema: \(shell.session.currentSchema)
          User: \(configuration.user)
          """
        )
        return .success
      },
      MetaCommand("echo", "[TEXT]", "Write a text") { command, shell in
        shell.say(command.argument)
        return .success
      },
      MetaCommand("!", "COMMAND", "Run a command of the system") { command, shell in
        let program = command.argument.isEmpty ? userShell : command.argument
        switch shell.runProgram(program) {
        case .exited(0):
          return .success
        case .exited(let code):
          return shell.refuse("the command ended with status \(code)")
        case .interrupted:
          return .interrupted
        case .notStarted(let reason):
          return shell.refuse("cannot run the command: \(reason)")
        }
      },
    ]
  )

  private static var userShell: String { Terminal.variable("SHELL") ?? "/bin/sh" }

  /// What `\?` prints.
  private static var helpText: String {
    let rows = families.flatMap(\.commands)
    let width = rows.map { $0.usage.count }.max() ?? 0
    return families.map { family in
      family.title + "\n"
        + family.commands.map { command in
          let padding = String(repeating: " ", count: width - command.usage.count)
          return "  \(command.usage)\(padding)  \(command.summary)"
        }
        .joined(separator: "\n")
    }
    .joined(separator: "\n\n")
  }

  /// `\d [NAME]`.
  private var usage: String { "\\" + name + (parameters.isEmpty ? "" : " " + parameters) }
}
