import Apus
import ApusValues
import Glibc

/// A run of the shell that is not interactive: settings, what to run, where to write.
package struct ShellCommand {
  package var settings: ShellSettings
  package var sources: [ScriptSource]
  /// The file that results go to; nil is standard output.
  package var outputPath: String?

  package init(settings: ShellSettings, sources: [ScriptSource], outputPath: String? = nil) {
    self.settings = settings
    self.sources = sources
    self.outputPath = outputPath
  }

  /// Runs everything; Ctrl-C stops it.
  package func run() -> ShellStatus {
    Interrupts.prepare()
    let session: Session
    do {
      session = try Engine(settings.engineConfiguration).session()
    } catch {
      Terminal.complain(ErrorPresenter(script: "").present(error))
      return .usage
    }
    Interrupts.cancel(session)
    let output: OutputFile
    do {
      output =
        try outputPath.map { path throws(OutputError) in try OutputFile(path: path) }
        ?? OutputFile()
    } catch {
      if case .failed(let text) = error { Terminal.complain("error: \(text)\n") }
      return .usage
    }
    let isShown = outputPath == nil && Terminal.isTerminal(STDOUT_FILENO)
    let runner = ScriptRunner(
      session: session,
      output: output,
      format: settings.format ?? (isShown ? .box : .csv),
      showsTiming: settings.timing ?? false
    )
    let status = runner.run(sources)
    session.engine.saveStatistics()
    return Interrupts.isInterrupted ? .interrupted : status
  }
}
