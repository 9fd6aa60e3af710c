import ApusSyntax
import ApusValues
import Glibc

extension MetaCommand {
  static let statementCommands = MetaCommandFamily(
    title: "Statements",
    commands: [
      MetaCommand("g", "Run what has been typed, or the last statement again") { _, shell in
        shell.current().map { shell.run($0) } ?? shell.refuse(nothingToRun)
      },
      MetaCommand("p", "Print what \\g would run") { _, shell in
        guard let text = shell.scanner.pending ?? shell.lastStatement else {
          return shell.refuse(nothingToRun)
        }
        shell.say(String(trimmed(text[...])))
        return .success
      },
      MetaCommand("r", "Forget what has been typed") { _, shell in
        shell.scanner.reset()
        return .success
      },
      MetaCommand("e", "Edit what \\g would run in $VISUAL or $EDITOR, and run it") { _, shell in
        shell.edit()
      },
      MetaCommand("watch", "[SECONDS]", "Run it again and again until Ctrl-C, every 2 seconds") {
        command,
        shell in
        shell.watch(command.word)
      },
      MetaCommand("s", "Show what was entered before") { _, shell in
        for entry in shell.history() { shell.say(entry) }
        return .success
      },
    ]
  )

  fileprivate static let nothingToRun = "there is no statement yet"
}

extension Shell {
  /// Takes the statement that is being typed, or else the last one.
  fileprivate func current() -> StatementText? {
    if let statement = scanner.takePending() { return statement }
    return lastStatement.map { text in
      StatementText(
        text: text,
        range: SourceRange(start: 0, end: text.utf8.count),
        isTerminated: true
      )
    }
  }

  fileprivate func watch(_ word: String) -> ShellStatus {
    var seconds = 2.0
    if !word.isEmpty {
      guard let number = Double(word), number > 0, number <= 86_400 else {
        return refuse("\\watch takes a number of seconds")
      }
      seconds = number
    }
    guard let wakeups else { return refuse("\\watch works at the prompt only") }
    guard let statement = current() else { return refuse(MetaCommand.nothingToRun) }
    while true {
      say("every \(word.isEmpty ? "2" : word) s, \(timeOfDay()); Ctrl-C ends it")
      let status = run(statement)
      guard status == .success else { return status }
      // Ctrl-C that came when the query was done already had nothing to cancel.
      if Interrupts.isInterrupted { return .interrupted }
      if wakeups.wait(.seconds(seconds)) {
        wakeups.drain()
        return .interrupted
      }
    }
  }

  private func timeOfDay() -> String {
    var now = time(nil)
    var local = tm()
    localtime_r(&now, &local)
    return [local.tm_hour, local.tm_min, local.tm_sec]
      .map { zeroPadded(UInt32(clamping: $0), to: 2) }.joined(separator: ":")
  }

  fileprivate func edit() -> ShellStatus {
    guard isInteractive else { return refuse("\\e works at the prompt only") }
    let text = scanner.pending ?? lastStatement ?? ""
    scanner.reset()
    let edited: String
    do {
      edited = try TextEditor.edit(text) { runProgram($0) }
    } catch {
      return refuse(error.message)
    }
    let script = String(trimmed(edited[...]))
    guard !script.isEmpty else { return .success }
    say(script)
    remember(script)
    return run(script: script, name: nil)
  }
}
