import Glibc

/// What a process finds around it: variables and files. Tests put their own in its place.
struct ProcessEnvironment: Sendable {
  /// Returns a variable; nil if it is not set or empty.
  var variable: @Sendable (String) -> String? = { name in
    guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else { return nil }
    return value
  }

  /// Returns the text of a file; nil if it cannot be read.
  var text: @Sendable (String) -> String? = { path in
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4_096)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether a variable says yes.
  func isTrue(_ name: String) -> Bool { variable(name)?.lowercased() == "true" }
}
