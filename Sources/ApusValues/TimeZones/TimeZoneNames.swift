import Glibc

/// The regions of the IANA database that the system has files of.
enum TimeZoneNames {
  /// Where the files are: `TZDIR`, as for the C library, or its own place.
  static let directory = getenv("TZDIR").map { String(cString: $0) } ?? "/usr/share/zoneinfo"

  /// All names, sorted by their bytes.
  static let all: [String] = {
    var names: [String] = []
    collect("", &names)
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }()

  /// For each name in lowercase its position among all.
  static let positions: [String: Int] = Dictionary(
    all.enumerated().map { ($1.lowercased(), $0) },
    uniquingKeysWith: { first, _ in first }
  )

  /// Takes the files below a folder. Names of zones begin with an uppercase letter; `posix` and
  /// `right` hold them again.
  private static func collect(_ prefix: String, _ names: inout [String]) {
    guard let folder = opendir(directory + "/" + prefix) else { return }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
        field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard let first = name.utf8.first, (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first)
      else { continue }
      let path = prefix + name
      var status = stat()
      guard stat(directory + "/" + path, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR {
        collect(path + "/", &names)
      } else if name != "Factory" {
        names.append(path)
      }
    }
  }
}
