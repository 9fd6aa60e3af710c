import Glibc

/// Files that tests read and write, without Foundation.
package enum TestFiles {
  /// The package's folder, found from the place of this file.
  package static let root: String = {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(3).joined(separator: "/")
  }()

  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Reads a text; nil if it cannot be read.
  package static func read(_ path: String) -> String? {
    readBytes(path).map { String(decoding: $0, as: UTF8.self) }
  }

  package static func readBytes(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { break }
      bytes.append(contentsOf: buffer[..<count])
    }
    return bytes
  }

  /// Writes a text; false if that fails.
  @discardableResult
  package static func write(_ text: String, to path: String) -> Bool {
    guard let file = fopen(path, "wb") else { return false }
    let bytes = Array(text.utf8)
    let written = fwrite(bytes, 1, bytes.count, file)
    return fclose(file) == 0 && written == bytes.count
  }

  /// The paths of all files below a folder whose names end in `suffix`, relative to it, sorted.
  package static func list(_ folder: String, suffix: String) -> [String] {
    var found: [String] = []
    collect(folder, prefix: "", suffix: suffix, into: &found)
    return found.sorted()
  }

  private static func collect(
    _ folder: String,
    prefix: String,
    suffix: String,
    into found: inout [String]
  ) {
    for (name, isFolder) in entries(folder) where !name.hasPrefix(".") {
      if isFolder {
        collect(folder + "/" + name, prefix: prefix + name + "/", suffix: suffix, into: &found)
      } else if name.hasSuffix(suffix) {
        found.append(prefix + name)
      }
    }
  }

  /// What is directly in a folder.
  private static func entries(_ folder: String) -> [(name: String, isFolder: Bool)] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var entries: [(name: String, isFolder: Bool)] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name == "." || name == ".." { continue }
      entries.append((name, Int32(entry.pointee.d_type) == Int32(DT_DIR)))
    }
    return entries
  }

  /// Makes an empty folder, a new one each time; all are removed when the process ends.
  package static func makeTemporaryFolder() -> String {
    makeFolder(after: temporaryFolders + "/") ?? temporaryFolders
  }

  private static let temporaryFolders: String = {
    guard let path = makeFolder(after: "/tmp/apus-test-") else { return "/tmp" }
    atexit { TestFiles.removeAll(TestFiles.temporaryFolders) }
    return path
  }()

  /// Removes a folder with all that is in it.
  private static func removeAll(_ folder: String) {
    for (name, isFolder) in entries(folder) {
      if isFolder { removeAll(folder + "/" + name) } else { unlink(folder + "/" + name) }
    }
    rmdir(folder)
  }

  private static func makeFolder(after prefix: String) -> String? {
    var template = Array((prefix + "XXXXXX").utf8CString)
    return mkdtemp(&template).map { String(cString: $0) }
  }

  package static func makeFolder(_ path: String) { mkdir(path, 0o755) }

  /// Copies a file's bytes.
  package static func copy(_ source: String, to target: String) {
    guard let bytes = readBytes(source), let file = fopen(target, "wb") else { return }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }

  /// An environment variable.
  package static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}
