package import Apus
package import ApusSyntax
import ApusValues
import ApusVectors

/// What one statement after the other runs in: a session, and how and where results are shown.
///
/// Scripts and the prompt share it, and with it the commands that begin with a backslash.
package final class Shell {
  package let session: Session
  package var presentation: Presentation
  /// Whether a person types what is run.
  package let isInteractive: Bool
  /// Takes what belongs on standard error, in whole lines.
  let complain: (String) -> Void
  /// How Ctrl-C reaches what waits; nil outside of a prompt.
  let wakeups: Interrupts.Wakeups?

  /// The statement that ran last, for `\g`, `\watch` and `\e`.
  package var lastStatement: String?
  /// What is being typed or read, for the commands that deal with it.
  package var scanner = StatementScanner()
  /// What was entered before, oldest first; the prompt knows.
  package var history: () -> [String] = { [] }
  /// Keeps a text that was entered otherwise than at the prompt.
  package var remember: (String) -> Void = { _ in }
  /// Whether `\q` has been said.
  package var wantsToLeave = false
  /// Files that run each other by `\i`.
  var scriptDepth = 0

  private let mainOutput: OutputFile
  /// Where `\o` sends results.
  private var redirectedOutput: OutputFile?
  private var hasWritten = false

  package init(
    session: Session,
    output: OutputFile,
    presentation: Presentation,
    isInteractive: Bool = false,
    wakeups: Interrupts.Wakeups? = nil,
    complain: @escaping (String) -> Void = { Terminal.complain($0) }
  ) {
    self.session = session
    mainOutput = output
    self.presentation = presentation
    self.isInteractive = isInteractive
    self.wakeups = wakeups
    self.complain = complain
  }

  private var output: OutputFile { redirectedOutput ?? mainOutput }

  /// Says something that is no result.
  func say(_ text: String) {
    if isInteractive { return complain(text + "\n") }
    try? mainOutput.write(Array((text + "\n").utf8))
  }

  /// Sends results to a file, or back to where they went at first. What went to a file so far is
  /// put in its place.
  package func redirect(to path: String?) throws(OutputError) {
    let next = try path.map { path throws(OutputError) in try OutputFile(path: path) }
    try redirectedOutput?.commit()
    redirectedOutput = next
    hasWritten = false
  }

  /// Puts files in their places, after all went well.
  package func commit() throws(OutputError) {
    try redirectedOutput?.commit()
    redirectedOutput = nil
    try mainOutput.commit()
  }
}

// Statements.
extension Shell {
  /// Runs what a scanner finds, as far as it is whole, and stops at the first that fails.
  ///
  /// - Parameter isComplete: whether nothing follows, so that the end of the text ends a statement.
  package func run(isComplete: Bool, scriptName: String?, script: String?) -> ShellStatus {
    while !wantsToLeave, let piece = scanner.next() {
      if Interrupts.isInterrupted { return .interrupted }
      let status: ShellStatus
      switch piece {
      case .statement(let statement):
        status = run(statement, scriptName: scriptName, script: script)
      case .command(let command):
        status = run(command)
      }
      guard status == .success else { return status }
    }
    if isComplete, !wantsToLeave, let statement = scanner.takePending() {
      if Interrupts.isInterrupted { return .interrupted }
      return run(statement, scriptName: scriptName, script: script)
    }
    return .success
  }

  /// Runs one statement and writes its result.
  ///
  /// - Parameter script: the text that the statement's range points into; nil is its own.
  package func run(_ statement: StatementText, scriptName: String? = nil, script: String? = nil)
    -> ShellStatus
  {
    lastStatement = statement.text
    let meter = ProgressMeter(session)
    defer { meter?.stop() }
    let begin = ContinuousClock.now
    let status: ShellStatus
    do throws(StatementFailure) {
      let written = try write(try execute(statement), meter)
      meter?.stop()
      if presentation.hasStatusLine { complain(statusLine(written, ContinuousClock.now - begin)) }
      status = .success
    } catch {
      meter?.stop()
      switch error {
      case .statement(let error):
        let presenter = ErrorPresenter(script: script ?? statement.text, scriptName: scriptName)
        let offset = script == nil ? 0 : statement.range.start
        complain(presenter.present(error, offset: offset))
        status = error.code == .userCanceled ? .interrupted : .failure
      case .output(let error):
        status = fail(error)
      }
    }
    if presentation.showsTiming, !presentation.hasStatusLine {
      complain("time: \(millisecondsText(ContinuousClock.now - begin))\n")
    }
    return status
  }

  private enum StatementFailure: Error {
    case statement(SQLError)
    case output(OutputError)
  }

  /// What is known of a result once it has been written.
  private struct Written {
    var result: QueryResult
    var rowCount: Int
  }

  private func execute(_ statement: StatementText) throws(StatementFailure) -> QueryResult {
    do {
      let tree = try parseStatement(statement.text)
      return try session.execute(tree, text: statement.text)
    } catch {
      throw .statement(error)
    }
  }

  private func write(_ result: QueryResult, _ meter: ProgressMeter?) throws(StatementFailure)
    -> Written
  {
    // The line after the result says how many rows were written; a box of it would say it again.
    let isSaid = result.updateCount != nil && presentation.hasStatusLine && output.isTerminal
    guard result.schema.count > 0, !isSaid else {
      while try next(of: result) != nil {}
      return Written(result: result, rowCount: 0)
    }
    let isOnTerminal = output.isTerminal
    var formatter = presentation.makeFormatter(isOnTerminal: isOnTerminal)
    var buffer: [UInt8] = []
    // Nothing is written before the first batch, so that what fails at once leaves no header.
    var batch = try next(of: result)
    if hasWritten, presentation.format.isForPeople, !presentation.hasStatusLine {
      buffer.append(ascii: "\n")
    }
    formatter.begin(result.schema, into: &buffer)
    var rowCount = 0
    while let current = batch {
      rowCount += current.rowCount
      formatter.append(current, into: &buffer)
      try flush(&buffer, meter, isOnTerminal)
      batch = try next(of: result)
    }
    formatter.finish(rowCount: rowCount, into: &buffer)
    try flush(&buffer, meter, isOnTerminal)
    hasWritten = true
    return Written(result: result, rowCount: rowCount)
  }

  private func next(of result: QueryResult) throws(StatementFailure) -> Batch? {
    do {
      return try result.nextBatch()
    } catch {
      throw .statement(error)
    }
  }

  private func flush(_ buffer: inout [UInt8], _ meter: ProgressMeter?, _ isOnTerminal: Bool)
    throws(StatementFailure)
  {
    guard !buffer.isEmpty else { return }
    if isOnTerminal { meter?.stop() }
    do {
      try output.write(buffer)
    } catch {
      throw .output(error)
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Says what went wrong with a file, if anyone is left to hear it.
  func fail(_ error: OutputError) -> ShellStatus {
    switch error {
    case .readerHasGone:
      return .readerHasGone
    case .failed:
      complain("error: \(error)\n")
      return .failure
    }
  }

  /// `336,776 rows, 0.312 s, 12.4 MB scanned`.
  private func statusLine(_ written: Written, _ duration: Duration) -> String {
    var parts: [String] = []
    if let count = written.result.updateCount {
      parts.append(humanCount(count, "row") + " written")
    } else if written.result.schema.count > 0 {
      parts.append(humanCount(written.rowCount, "row"))
    } else {
      parts.append(String(written.result.kind.rawValue.map { $0 == "_" ? " " : $0 }))
    }
    if presentation.showsTiming {
      parts.append(secondsText(duration))
      let statistics = written.result.statistics
      if statistics.scanCount > 0 {
        parts.append(humanByteCount(statistics.bytesScanned) + " scanned")
      }
    }
    return parts.joined(separator: ", ") + "\n"
  }

  /// `12.345 ms`.
  private func millisecondsText(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    return "\(microseconds / 1000).\(zeroPadded(UInt64(microseconds % 1000), to: 3)) ms"
  }
}
