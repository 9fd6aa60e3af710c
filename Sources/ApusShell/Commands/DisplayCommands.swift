extension MetaCommand {
  static let displayCommands = MetaCommandFamily(
    title: "Display",
    commands: [
      MetaCommand(
        "timing",
        "[on|off]",
        "Say how long statements take",
        completion: .words(["on", "off"])
      ) { command, shell in
        let current = shell.presentation.showsTiming
        guard let value = shell.switched(command.word, from: current) else {
          return shell.refuse("\\timing takes on or off")
        }
        shell.presentation.showsTiming = value
        shell.note("Timing is \(value ? "on" : "off").")
        return .success
      },
      MetaCommand(
        "x",
        "[on|off|auto]",
        "Show a line per value; auto does where columns do not fit",
        completion: .words(["on", "off", "auto"])
      ) { command, shell in
        let word = command.word.lowercased()
        let next: Presentation.Expansion? =
          word.isEmpty
          ? (shell.presentation.expansion == .off ? .on : .off)
          : Presentation.Expansion(rawValue: word)
        guard let next else { return shell.refuse("\\x takes on, off or auto") }
        shell.presentation.expansion = next
        shell.note("Expanded display is \(next.rawValue).")
        return .success
      },
      MetaCommand(
        "f",
        "[FORMAT]",
        "Choose how results look: " + OutputFormat.names,
        completion: .words(OutputFormat.allCases.map(\.rawValue))
      ) { command, shell in
        shell.setFormat(command.word)
      },
      MetaCommand(
        "pset",
        "[NAME VALUE]",
        "Set format (as \\f), rows (shown in a box: a number or all), timing, expanded",
        completion: .words(["format", "rows", "timing", "expanded"])
      ) { command, shell in
        let words = command.word.split(separator: " ", maxSplits: 1).map(String.init)
        return shell.set(words.first ?? "", words.count > 1 ? words[1] : "")
      },
    ]
  )
}

extension Shell {
  /// Confirms a setting to a person; a script knows what it has set.
  fileprivate func note(_ text: String) {
    if isInteractive { say(text) }
  }

  fileprivate func setFormat(_ word: String) -> ShellStatus {
    guard !word.isEmpty else {
      note("Format is \(presentation.format.rawValue).")
      return .success
    }
    guard let format = OutputFormat(rawValue: word.lowercased()) else {
      return refuse("no format is called '\(word)'", hint: "There are \(OutputFormat.names).")
    }
    presentation.format = format
    note("Format is \(format.rawValue).")
    return .success
  }

  fileprivate func set(_ name: String, _ value: String) -> ShellStatus {
    let rows = presentation.rowLimit.map(String.init) ?? "all"
    switch name {
    case "":
      say(
        """
        expanded  \(presentation.expansion.rawValue)
        format    \(presentation.format.rawValue)
        rows      \(rows)
        timing    \(presentation.showsTiming ? "on" : "off")
        """
      )
      return .success
    case "format":
      return setFormat(value)
    case "rows" where value.isEmpty:
      note("Rows are \(rows).")
      return .success
    case "rows":
      let count = Int(value)
      guard value == "all" || count.map({ $0 > 0 }) == true else {
        return refuse("\\pset rows takes a number or all")
      }
      presentation.rowLimit = count
      note("Rows are \(count.map(String.init) ?? "all").")
      return .success
    case "timing", "expanded":
      return run(CommandText(line: (name == "timing" ? "timing " : "x ") + value))
    default:
      return refuse(
        "no setting is called '\(name)'",
        hint: "There are expanded, format, rows and timing."
      )
    }
  }
}
