import Glibc

/// The user's editor, run over a file of its own.
enum TextEditor {
  /// Why no text came back, in words.
  struct Failure: Error {
    var message: String
  }

  /// Lets the user change a text.
  ///
  /// - Parameter run: runs a command of the system's shell.
  static func edit(
    _ text: String,
    run: (String) -> ChildProcess.Outcome
  ) throws(Failure) -> String {
    let folder = Terminal.variable("TMPDIR") ?? "/tmp"
    let suffix = ".sql"
    var template = Array((folder + "/apus.XXXXXX" + suffix).utf8CString)
    let descriptor = mkstemps(&template, Int32(suffix.utf8.count))
    guard descriptor >= 0 else { throw failure("cannot write a file in \(folder)") }
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { unlink(path) }
    var bytes = Array(text.utf8)
    if bytes.last != UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\n")) }
    let written = write(descriptor, bytes, bytes.count)
    close(descriptor)
    guard written == bytes.count else { throw failure("cannot write \(path)") }
    let editor = Terminal.variable("VISUAL") ?? Terminal.variable("EDITOR") ?? "vi"
    let quoted =
      "'"
      + path.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''") + "'"
    switch run("\(editor) \(quoted)") {
    case .exited(0): break
    case .exited(let code): throw Failure(message: "\(editor) ended with status \(code)")
    case .interrupted: throw Failure(message: "\(editor) was interrupted")
    case .notStarted(let reason): throw Failure(message: "cannot run \(editor): \(reason)")
    }
    do {
      return try ScriptSource.file(path).read()
    } catch {
      throw Failure(message: error.description)
    }
  }

  private static func failure(_ action: String) -> Failure {
    Failure(message: "\(action): \(String(cString: strerror(errno)))")
  }
}
