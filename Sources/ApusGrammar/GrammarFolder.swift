#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Is the folder of the whole package on disk, as far as the grammar is concerned.
package struct GrammarFolder: Sendable {
  private let root: String

  /// - Parameter root: the folder that holds Grammar/ and Sources/.
  package init(root: String) { self.root = root }

  /// Reads all of Grammar/.
  package func readGrammar() throws(GrammarError) -> Grammar {
    var reader = GrammarReader()
    try reader.readKeywords(try read("Grammar/Keywords.txt"), file: "Keywords.txt")
    let files =
      [
        "Tokens", "Names", "Types", "Expressions", "JSON", "JSONTable", "Query",
        "MatchRecognize",
      ].map { "\($0).grammar" }
      + (try names(in: "Grammar/Statements")).map { "Statements/\($0)" }
    for file in files { try reader.read(try read("Grammar/\(file)"), file: file) }
    return reader.grammar
  }

  package func readErrorCodes() throws(GrammarError) -> [ErrorCodeEntry] {
    try ErrorCodeEntry.read(try read("Grammar/ErrorCodes.txt"), file: "ErrorCodes.txt")
  }

  /// Returns what each generated file should hold, by its path from the root.
  package func generated() throws(GrammarError) -> [(path: String, text: String)] {
    [
      (KeywordEmitter.path, KeywordEmitter.text(try readGrammar().keywords)),
      (ErrorCodeEmitter.path, ErrorCodeEmitter.text(try readErrorCodes())),
    ]
  }

  /// Reads a file as text.
  package func read(_ path: String) throws(GrammarError) -> String {
    guard let file = fopen("\(root)/\(path)", "r") else { throw failure(path, "cannot be read") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  package func write(_ text: String, to path: String) throws(GrammarError) {
    guard let file = fopen("\(root)/\(path)", "w") else { throw failure(path, "cannot be written") }
    defer { fclose(file) }
    let bytes = Array(text.utf8)
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
      throw failure(path, "cannot be written")
    }
  }

  /// Lists the names in a folder, in alphabetical order.
  package func names(in path: String) throws(GrammarError) -> [String] {
    guard let folder = opendir("\(root)/\(path)") else { throw failure(path, "cannot be read") }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  private func failure(_ path: String, _ message: String) -> GrammarError {
    GrammarError(file: path, line: 1, message: "the file \(message)")
  }
}
