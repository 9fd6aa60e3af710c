package import Apus
import ApusSyntax
import ApusValues
import ApusVectors
import Glibc

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

/// Runs statements one after the other and writes their results; stops at the first error.
package struct ScriptRunner {
  private let session: Session
  private let output: OutputFile
  private let format: OutputFormat
  private let style: TerminalStyle
  private let showsTiming: Bool
  private let complain: (String) -> Void
  private var hasWritten = false

  /// - Parameter complain: takes what belongs on standard error, in whole lines.
  package init(
    session: Session,
    output: OutputFile,
    format: OutputFormat,
    style: TerminalStyle = .plain,
    showsTiming: Bool = false,
    complain: @escaping (String) -> Void = { Terminal.complain($0) }
  ) {
    self.session = session
    self.output = output
    self.format = format
    self.style = style
    self.showsTiming = showsTiming
    self.complain = complain
  }

  /// Runs all statements of all sources.
  package mutating func run(_ sources: [ScriptSource]) -> ShellStatus {
    // All are read before the first runs: a name that is wrong should not stop half of the work.
    var scripts: [(text: String, name: String?)] = []
    for source in sources {
      do {
        scripts.append((try source.read(), source.name))
      } catch {
        complain("error: \(error)\n")
        return .usage
      }
    }
    for (script, name) in scripts {
      let presenter = ErrorPresenter(script: script, scriptName: name)
      for statement in splitStatements(script) {
        if Interrupts.isInterrupted { return .interrupted }
        let status = run(statement, presenter)
        guard status == .success else { return status }
      }
    }
    do {
      try output.commit()
    } catch {
      return fail(error)
    }
    return .success
  }

  private mutating func run(_ statement: StatementText, _ presenter: ErrorPresenter)
    -> ShellStatus
  {
    let clock = ContinuousClock()
    let begin = clock.now
    defer {
      if showsTiming { complain("time: \(ScriptRunner.text(of: clock.now - begin))\n") }
    }
    do throws(StatementFailure) {
      try write(try execute(statement))
      return .success
    } catch {
      switch error {
      case .statement(let error):
        complain(presenter.present(error, offset: statement.range.start))
        return error.code == .userCanceled ? .interrupted : .failure
      case .output(let error):
        return fail(error)
      }
    }
  }

  private enum StatementFailure: Error {
    case statement(SQLError)
    case output(OutputError)
  }

  private func execute(_ statement: StatementText) throws(StatementFailure) -> QueryResult {
    do {
      let tree = try parseStatement(statement.text)
      return try session.execute(tree, text: statement.text)
    } catch {
      throw .statement(error)
    }
  }

  private mutating func write(_ result: QueryResult) throws(StatementFailure) {
    guard result.schema.count > 0 else {
      while try next(of: result) != nil {}
      return
    }
    var formatter = format.makeFormatter(for: style)
    var buffer: [UInt8] = []
    // Nothing is written before the first batch, so that what fails at once leaves no header.
    var batch = try next(of: result)
    if hasWritten, format.isForPeople { buffer.append(ascii: "\n") }
    formatter.begin(result.schema, into: &buffer)
    var rowCount = 0
    while let current = batch {
      rowCount += current.rowCount
      formatter.append(current, into: &buffer)
      if !buffer.isEmpty { try flush(&buffer) }
      batch = try next(of: result)
    }
    formatter.finish(rowCount: rowCount, into: &buffer)
    try flush(&buffer)
    hasWritten = true
  }

  private func next(of result: QueryResult) throws(StatementFailure) -> Batch? {
    do {
      return try result.nextBatch()
    } catch {
      throw .statement(error)
    }
  }

  private func flush(_ buffer: inout [UInt8]) throws(StatementFailure) {
    do {
      try output.write(buffer)
    } catch {
      throw .output(error)
    }
    buffer.removeAll(keepingCapacity: true)
  }

  private func fail(_ error: OutputError) -> ShellStatus {
    switch error {
    case .readerHasGone:
      return .readerHasGone
    case .failed:
      complain("error: \(error)\n")
      return .failure
    }
  }

  /// `12.345 ms`.
  private static func text(of duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    return "\(microseconds / 1000).\(zeroPadded(UInt64(microseconds % 1000), to: 3)) ms"
  }
}
