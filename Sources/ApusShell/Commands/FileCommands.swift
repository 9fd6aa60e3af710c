import Glibc

extension MetaCommand {
  static let fileCommands = MetaCommandFamily(
    title: "Files",
    commands: [
      MetaCommand(
        "i",
        "FILE",
        "Run the statements and commands of a file",
        completion: .files
      ) { command, shell in
        shell.runFile(shell.path(command))
      },
      MetaCommand(
        "o",
        "[FILE]",
        "Send results to a file, which is there once \\o ends it",
        completion: .files
      ) { command, shell in
        let path = shell.path(command)
        do throws(OutputError) {
          try shell.redirect(to: path.isEmpty ? nil : path)
          return .success
        } catch {
          return shell.fail(error)
        }
      },
      MetaCommand("cd", "[FOLDER]", "Go to another folder", completion: .files) {
        command,
        shell in
        // A script's own paths, and a warehouse beside it, would mean something else from here on.
        guard shell.isInteractive else { return shell.refuse("\\cd works at the prompt only") }
        let path = shell.path(command)
        let target = path.isEmpty ? Terminal.variable("HOME") ?? "/" : path
        guard chdir(target) == 0 else {
          return shell.refuse("cannot go to \(target): \(String(cString: strerror(errno)))")
        }
        return .success
      },
    ]
  )
}

extension Shell {
  /// The argument as a path: without quotes around it, and with `~` as the user's own folder.
  fileprivate func path(_ command: CommandText) -> String {
    var path = command.word[...]
    if path.count >= 2, let quote = path.first, quote == "'" || quote == "\"", path.last == quote {
      path = path.dropFirst().dropLast()
    }
    if path == "~" || path.hasPrefix("~/"), let folder = Terminal.variable("HOME") {
      return folder + path.dropFirst()
    }
    return String(path)
  }

  fileprivate func runFile(_ path: String) -> ShellStatus {
    guard !path.isEmpty else { return refuse("\\i takes the name of a file") }
    guard scriptDepth < 16 else { return refuse("files run each other more than 16 deep") }
    scriptDepth += 1
    defer { scriptDepth -= 1 }
    do {
      return run(script: try ScriptSource.file(path).read(), name: path)
    } catch {
      return fail(error)
    }
  }
}
