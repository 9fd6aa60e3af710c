import Glibc
import Synchronization

/// Where results go: standard output, or a file that appears only when all went well.
///
/// A regular file is written beside its place under another name and moved there by `commit`;
/// letting go without `commit` removes it, so a failed query leaves neither half a file nor the loss
/// of an older one. What is there and no regular file (a pipe, a terminal) is written directly.
package final class OutputFile {
  private let descriptor: Int32
  private let name: String
  /// The file's own name while it is written, if it has one.
  private var temporaryPath: String?
  private var ownsDescriptor: Bool

  /// Writes to standard output.
  package init() {
    descriptor = STDOUT_FILENO
    name = "standard output"
    ownsDescriptor = false
  }

  /// Writes to a file.
  package init(path: String) throws(OutputError) {
    name = path
    ownsDescriptor = true
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw OutputError(errorNumber: errno, "cannot open \(path)") }
      return
    }
    // A link stays a link: the file that it points to is replaced.
    var target = path
    if let resolved = realpath(path, nil) {
      target = String(cString: resolved)
      free(resolved)
    }
    finalPath = target
    var template = Array((target + "." + String(repeating: "X", count: 6)).utf8CString)
    descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw OutputError(errorNumber: errno, "cannot write \(path)") }
    temporaryPath = template.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { String(cString: $0) }
    }
    if let temporaryPath { OutputFile.pendingPaths.withLock { _ = $0.insert(temporaryPath) } }
    // mkstemp makes files for the owner alone; give what any new file, or the old one, would have.
    let mask = umask(0)
    _ = umask(mask)
    let exists = stat(target, &status) == 0
    _ = fchmod(descriptor, exists ? status.st_mode & 0o777 : 0o666 & ~mask)
  }

  private var finalPath = ""

  deinit {
    if let temporaryPath {
      unlink(temporaryPath)
      OutputFile.pendingPaths.withLock { _ = $0.remove(temporaryPath) }
    }
    if ownsDescriptor { close(descriptor) }
  }

  /// Whether a person sees at once what is written.
  var isTerminal: Bool { Terminal.isTerminal(descriptor) }

  /// Writes all bytes.
  package func write(_ bytes: [UInt8]) throws(OutputError) {
    var offset = 0
    while offset < bytes.count {
      let written = bytes.withUnsafeBytes { buffer in
        Glibc.write(descriptor, buffer.baseAddress.map { $0 + offset }, bytes.count - offset)
      }
      if written < 0 {
        if errno == EINTR { continue }
        if errno == EAGAIN {
          // A terminal or pipe that someone has set not to block: wait until it takes more.
          var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&request, 1, -1)
          continue
        }
        throw OutputError(errorNumber: errno, "cannot write \(name)")
      }
      offset += written
    }
  }

  /// Files that are being written, to be removed if the process must end at once.
  private static let pendingPaths = Mutex<Set<String>>([])

  /// Removes what has been written so far; for a process that ends without unwinding.
  static func abandonAll() {
    for path in pendingPaths.withLock({ $0 }) { unlink(path) }
  }

  /// Puts the file in its place.
  package func commit() throws(OutputError) {
    guard let path = temporaryPath else { return }
    guard rename(path, finalPath) == 0 else {
      throw OutputError(errorNumber: errno, "cannot write \(name)")
    }
    temporaryPath = nil
    OutputFile.pendingPaths.withLock { _ = $0.remove(path) }
  }
}
