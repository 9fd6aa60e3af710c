// Where a script's statements begin and end. It knows as much of SQL as it takes to see which
// semicolons stand for themselves: quotes and comments.

/// One statement of a script.
package struct ScriptStatement: Equatable, Sendable {
  /// The text from its first word on, without the semicolon.
  package var text: String
  /// Where it begins in the script, in bytes of UTF-8.
  package var offset: Int

  package init(text: String, offset: Int) {
    self.text = text
    self.offset = offset
  }
}

/// Returns the statements of a script in order; what is only comments and space is none.
///
/// A quote or comment that is never closed reaches to the end, where the parser will complain.
package func splitStatements(_ script: String) -> [ScriptStatement] {
  let bytes = Array(script.utf8)
  var statements: [ScriptStatement] = []
  // The first byte of the statement that is neither space nor comment.
  var start: Int?
  // Behind the last such byte.
  var end = 0
  var index = 0

  func finish() {
    guard let first = start else { return }
    statements.append(
      ScriptStatement(text: String(decoding: bytes[first..<end], as: UTF8.self), offset: first)
    )
    start = nil
  }

  while index < bytes.count {
    switch bytes[index] {
    case UInt8(ascii: ";"):
      finish()
      index += 1
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
      index += 1
    case UInt8(ascii: "-") where bytes[index...].starts(with: "--".utf8):
      while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
    case UInt8(ascii: "/") where bytes[index...].starts(with: "/*".utf8):
      let opening = index
      index += 2
      while index < bytes.count, !bytes[index...].starts(with: "*/".utf8) { index += 1 }
      if index >= bytes.count {
        // Not closed: left for the parser to name.
        if start == nil { start = opening }
        end = bytes.count
      } else {
        index += 2
      }
    case let quote
    where quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "`"):
      if start == nil { start = index }
      index += 1
      // A doubled quote is two strings side by side to a splitter, which is the same to it.
      while index < bytes.count, bytes[index] != quote { index += 1 }
      index = min(index + 1, bytes.count)
      end = index
    default:
      if start == nil { start = index }
      index += 1
      end = index
    }
  }
  finish()
  return statements
}
