package import Apus

/// How a run of scripts ended; raw values are the process's.
package enum ShellStatus: Int32, Sendable {
  case success = 0
  /// A statement failed, or results could not be written.
  case failure = 1
  /// The command line asked for what cannot be.
  case usage = 2
  /// Ctrl-C.
  case interrupted = 130
  /// The reader of the results has gone: what SIGPIPE would have given.
  case readerHasGone = 141
}

/// Runs the statements of scripts one after the other; stops at the first error.
package struct ScriptRunner {
  private let shell: Shell

  /// - Parameter complain: takes what belongs on standard error, in whole lines.
  package init(
    session: Session,
    output: OutputFile,
    format: OutputFormat,
    showsTiming: Bool = false,
    complain: @escaping (String) -> Void = { Terminal.complain($0) }
  ) {
    shell = Shell(
      session: session,
      output: output,
      presentation: Presentation(format: format, showsTiming: showsTiming),
      complain: complain
    )
  }

  /// Runs all statements of all sources.
  package func run(_ sources: [ScriptSource]) -> ShellStatus {
    // All are read before the first runs: a name that is wrong should not stop half of the work.
    var scripts: [(text: String, name: String?)] = []
    for source in sources {
      do {
        scripts.append((try source.read(), source.name))
      } catch {
        shell.complain("error: \(error)\n")
        return .usage
      }
    }
    for (script, name) in scripts where !shell.wantsToLeave {
      let status = shell.run(script: script, name: name)
      guard status == .success else { return status }
    }
    do {
      try shell.commit()
    } catch {
      return shell.fail(error)
    }
    return .success
  }
}

extension Shell {
  /// Runs the statements and commands of a text in their order.
  ///
  /// - Parameter name: what the text is called in errors.
  package func run(script: String, name: String?) -> ShellStatus {
    // A script within a script, or within what is being typed, leaves the outer one as it is.
    let outer = scanner
    defer { scanner = outer }
    scanner = StatementScanner(script)
    return run(isComplete: true, scriptName: name, script: script)
  }
}
