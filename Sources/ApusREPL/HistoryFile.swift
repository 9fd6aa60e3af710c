import ApusShell
import Glibc

/// What was entered at the prompt, kept between sessions in a file that only its owner may read.
///
/// An entry is a line of the file, with `\n` for its line feeds and `\\` for its backslashes. Each
/// is added at once, so that sessions that run at the same time, or end badly, lose nothing.
struct HistoryFile {
  private static let entryLimit = 10_000

  /// nil keeps nothing.
  private let path: String?
  /// Oldest first.
  private(set) var entries: [String] = []

  /// Reads the file, if there is one, and shortens it if it has grown long.
  init(path: String?) {
    self.path = path
    guard let path, let text = try? ScriptSource.file(path).read() else { return }
    entries = text.split(separator: "\n").map { HistoryFile.unescaped($0) }
    guard entries.count > HistoryFile.entryLimit * 2 else { return }
    entries.removeFirst(entries.count - HistoryFile.entryLimit)
    guard let file = try? OutputFile(path: path) else { return }
    let lines = entries.map { HistoryFile.escaped($0) + "\n" }.joined()
    if (try? file.write(Array(lines.utf8))) != nil { try? file.commit() }
  }

  /// APUS_HISTORY, else `apus/history` in the user's folder for such things.
  static var standardPath: String? {
    if let path = Terminal.variable("APUS_HISTORY") { return path }
    if let folder = Terminal.variable("XDG_STATE_HOME") { return folder + "/apus/history" }
    return Terminal.variable("HOME").map { $0 + "/.local/state/apus/history" }
  }

  /// Keeps an entry, unless it begins with a blank or says the same as the one before.
  ///
  /// - Returns: whether it was kept.
  mutating func append(_ entry: String) -> Bool {
    guard let first = entry.first, !first.isWhitespace, entry != entries.last else { return false }
    entries.append(entry)
    guard let path else { return true }
    HistoryFile.makeFolders(of: path)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return true }
    defer { close(descriptor) }
    let line = Array((HistoryFile.escaped(entry) + "\n").utf8)
    _ = write(descriptor, line, line.count)
    return true
  }

  private static func makeFolders(of path: String) {
    for index in path.indices.dropFirst() where path[index] == "/" {
      mkdir(String(path[..<index]), 0o700)
    }
  }

  static func escaped(_ entry: String) -> String {
    var result = ""
    for scalar in entry.unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\\": result += "\\\\"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  static func unescaped(_ line: Substring) -> String {
    var result = ""
    var isEscaped = false
    for scalar in line.unicodeScalars {
      if isEscaped {
        result.unicodeScalars.append(scalar == "n" ? "\n" : scalar == "r" ? "\r" : scalar)
        isEscaped = false
      } else if scalar == "\\" {
        isEscaped = true
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
