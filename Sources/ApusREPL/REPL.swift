import Apus
package import ApusShell
import ApusValues
import Glibc

/// The conversation at the prompt: reads a line, runs what it completes, shows what came of it.
package final class REPL {
  private let shell: Shell
  private let wakeups: Interrupts.Wakeups
  private let editor: LineEditor
  private let names: SessionNames
  private var history: HistoryFile
  /// As the user named it.
  private let warehouse: String
  /// The lines since the last statement ended, which are one entry of the history.
  private var entry: [String] = []

  /// Rows of a box that are shown unless `\pset rows` says otherwise.
  private static let rowLimit = 100

  /// Talks until the user leaves.
  package static func run(_ settings: ShellSettings) -> ShellStatus {
    Interrupts.prepare()
    let session: Session
    do {
      session = try Engine(REPL.configuration(settings)).session()
    } catch {
      Terminal.complain(ErrorPresenter(script: "").present(error))
      return .usage
    }
    let repl = REPL(session, settings)
    defer { session.engine.saveStatistics() }
    return repl.talk()
  }

  /// Where the tables are, said so that it stays true after `\cd`.
  private static func configuration(_ settings: ShellSettings) -> EngineConfiguration {
    var configuration = settings.engineConfiguration
    configuration.warehouse = absolute(configuration.warehouse)
    configuration.catalog = configuration.catalog.map(absolute)
    return configuration
  }

  private static func absolute(_ path: String) -> String {
    guard !path.hasPrefix("/"), !path.contains("://"), let folder = getcwd(nil, 0) else {
      return path
    }
    defer { free(folder) }
    return String(cString: folder) + "/" + path
  }

  private init(_ session: Session, _ settings: ShellSettings) {
    let isShown = Terminal.isTerminal(STDOUT_FILENO)
    warehouse = settings.engineConfiguration.warehouse
    var presentation = Presentation(
      format: settings.format ?? (isShown ? .box : .csv),
      showsTiming: settings.timing ?? true
    )
    presentation.rowLimit = REPL.rowLimit
    presentation.hasStatusLine = true
    wakeups = Interrupts.cancelAndWake(session)
    shell = Shell(
      session: session,
      output: OutputFile(),
      presentation: presentation,
      isInteractive: true,
      wakeups: wakeups
    )
    names = SessionNames(session)
    let completer = Completer(names)
    editor = LineEditor(wakeups, completer: completer)
    history = HistoryFile(path: HistoryFile.standardPath)
    completer.pending = { [unowned self] in self.shell.scanner.pending ?? "" }
    for entry in history.entries { editor.remember(entry) }
    shell.history = { [unowned self] in self.history.entries }
    shell.remember = { [unowned self] edited in
      // The command that opened the editor comes before what was made in it.
      self.finishEntry()
      self.remember(edited)
    }
  }

  private func talk() -> ShellStatus {
    Terminal.complain("Apus \(apusVersion), warehouse \(warehouse). \\? lists commands.\n")
    while !shell.wantsToLeave {
      switch editor.read(Prompt.text(shell.scanner.place)) {
      case .end:
        Terminal.complain("\n")
        return leave()
      case .interrupted:
        forgetEntry()
      case .line(let line):
        take(line)
      }
    }
    return leave()
  }

  private func take(_ line: String) {
    let isFirst = entry.isEmpty
    if isFirst, isFarewell(line) {
      shell.wantsToLeave = true
      return
    }
    entry.append(line)
    shell.scanner.append(line + "\n")
    Interrupts.forget()
    wakeups.drain()
    defer { names.forget() }
    let status = shell.run(isComplete: false, scriptName: nil, script: nil)
    if status != .success {
      // What comes after a statement that failed was written in the belief that it would not.
      shell.scanner.reset()
      if status == .interrupted { wakeups.drain() }
      if status == .readerHasGone { shell.wantsToLeave = true }
    }
    if shell.scanner.place == .start { finishEntry() }
  }

  private func finishEntry() {
    remember(entry.joined(separator: "\n"))
    entry = []
  }

  private func forgetEntry() {
    shell.scanner.reset()
    entry = []
  }

  /// Whether a line is one of the words that other programs are left with.
  private func isFarewell(_ line: String) -> Bool {
    let words = line.lowercased().split { $0.isWhitespace || $0 == ";" }
    return words == ["exit"] || words == ["quit"]
  }

  private func remember(_ entry: String) {
    var entry = entry[...]
    while entry.last?.isWhitespace == true { entry.removeLast() }
    if history.append(String(entry)) { editor.remember(String(entry)) }
  }

  private func leave() -> ShellStatus {
    do {
      try shell.commit()
      return .success
    } catch {
      Terminal.complain("error: \(error)\n")
      return .failure
    }
  }
}
