import Glibc

/// Files and folders that begin with what has been typed of a path.
enum PathNames {
  /// Returns whole paths, folders with a slash at their end; hidden ones only if asked for.
  static func matching(_ typed: String) -> [(path: String, isFolder: Bool)] {
    let slash = typed.lastIndex(of: "/")
    let folder = slash.map { String(typed[...$0]) } ?? ""
    let name = slash.map { String(typed[typed.index(after: $0)...]) } ?? typed
    guard let directory = opendir(folder.isEmpty ? "." : expanded(folder)) else { return [] }
    defer { closedir(directory) }
    var result: [(path: String, isFolder: Bool)] = []
    while let entry = readdir(directory) {
      let entryName = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard entryName.hasPrefix(name), entryName != ".", entryName != "..",
        !entryName.hasPrefix(".") || name.hasPrefix(".")
      else { continue }
      var status = stat()
      let isFolder =
        stat(expanded(folder + entryName), &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      result.append((folder + entryName + (isFolder ? "/" : ""), isFolder))
    }
    return result.sorted { $0.path < $1.path }
  }

  private static func expanded(_ path: String) -> String {
    guard path.hasPrefix("~/"), let home = getenv("HOME") else { return path }
    return String(cString: home) + path.dropFirst()
  }
}
