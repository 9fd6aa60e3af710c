import ApusStorage
import Glibc

/// A directory that is removed with its last owner.
final class TemporaryDirectory: Sendable {
  let path: String

  init() {
    var template = Array("/tmp/apus-test-XXXXXX".utf8CString)
    path = template.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress, let made = mkdtemp(base) else { return "/tmp" }
      return String(cString: made)
    }
  }

  deinit { TemporaryDirectory.remove(path) }

  /// Writes a file, making the directories above it.
  func write(_ name: String, _ bytes: [UInt8]) {
    var directory = path
    for part in name.split(separator: "/").dropLast() {
      directory += "/" + part
      mkdir(directory, 0o755)
    }
    let descriptor = open(path + "/" + name, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    _ = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    close(descriptor)
  }

  func remove(_ name: String) { unlink(path + "/" + name) }

  private static func remove(_ path: String) {
    for entry in (try? LocalObjectStore().list(ObjectPath(path))) ?? [] {
      let child = path + "/" + entry.name
      if entry.kind == .directory { remove(child) } else { unlink(child) }
    }
    rmdir(path)
  }
}
