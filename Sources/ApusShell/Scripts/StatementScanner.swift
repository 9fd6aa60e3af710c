package import ApusSyntax
import ApusValues

/// Cuts text that may still be coming into statements and commands of the shell.
///
/// A statement ends with a semicolon outside of quotes and comments; a command begins with a
/// backslash there and takes the rest of its line. What a command interrupts stays pending, so that
/// `\g` can run it and `\e` edit it.
package struct StatementScanner {
  /// What was found.
  package enum Piece: Equatable, Sendable {
    case statement(StatementText)
    case command(CommandText)
  }

  /// What the end of the text so far is within.
  package enum Place: Equatable, Sendable {
    /// Between two statements.
    case start
    case statement
    case parentheses
    case text
    /// A name in double quotes or backquotes.
    case quotedName
    case comment
  }

  private var bytes: [UInt8] = []
  private var position = 0
  /// Where the pending statement begins.
  private var start: Int?
  /// After its last byte that is neither blank nor comment.
  private var end = 0
  /// The byte that closes what is open: a quote's own, `*` for a comment.
  private var closing: UInt8?
  private var depth = 0
  /// Where the comment that is open begins.
  private var commentStart = 0

  package init(_ text: String = "") { bytes = Array(text.utf8) }

  /// Adds text; it should end with a line feed unless nothing follows.
  package mutating func append(_ text: String) {
    if start == nil, position == bytes.count, closing == nil { reset() }
    bytes.append(contentsOf: text.utf8)
  }

  /// Forgets everything.
  package mutating func reset() {
    bytes.removeAll(keepingCapacity: true)
    position = 0
    forgetStatement()
  }

  /// The text of the statement that nothing has ended yet; nil if there is none.
  package var pending: String? {
    start.map { String(decoding: bytes[$0..<max($0, position)], as: UTF8.self) }
  }

  package var place: Place {
    switch closing {
    case UInt8(ascii: "'"): .text
    case UInt8(ascii: "*"): .comment
    case .some: .quotedName
    case nil: depth > 0 ? .parentheses : start == nil ? .start : .statement
    }
  }

  /// Returns the next piece that is whole; nil when more text is needed.
  package mutating func next() -> Piece? {
    while position < bytes.count {
      if let closing {
        skip(to: closing)
        continue
      }
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"):
        closing = byte
        take(1)
      case UInt8(ascii: "-") where peek(1) == UInt8(ascii: "-"):
        skipLine()
      case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"):
        closing = UInt8(ascii: "*")
        commentStart = position
        position += 2
      case UInt8(ascii: ";"):
        position += 1
        if let piece = finish(isTerminated: true) { return piece }
      case UInt8(ascii: "\\"):
        return .command(takeCommand())
      case UInt8(ascii: " "), 0x09...0x0d:
        position += 1
      case UInt8(ascii: "("):
        depth += 1
        take(1)
      case UInt8(ascii: ")"):
        depth = max(0, depth - 1)
        take(1)
      default:
        take(1)
      }
    }
    return nil
  }

  /// Returns the pending statement as it is, for the end of the text or for `\g`.
  package mutating func takePending() -> StatementText? {
    // A comment that is not closed is an error to be shown.
    if closing == UInt8(ascii: "*") {
      start = start ?? commentStart
      end = position
    }
    guard case .statement(let statement)? = finish(isTerminated: false) else { return nil }
    return statement
  }

  private mutating func finish(isTerminated: Bool) -> Piece? {
    defer { forgetStatement() }
    guard let start else { return nil }
    let text = String(decoding: bytes[start..<end], as: UTF8.self)
    let range = SourceRange(start: start, end: end)
    return .statement(StatementText(text: text, range: range, isTerminated: isTerminated))
  }

  private mutating func forgetStatement() {
    start = nil
    closing = nil
    depth = 0
  }

  private func peek(_ distance: Int) -> UInt8? {
    position + distance < bytes.count ? bytes[position + distance] : nil
  }

  /// Counts bytes as the statement's own.
  private mutating func take(_ count: Int) {
    start = start ?? position
    position += count
    end = position
  }

  private mutating func skipLine() {
    while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
  }

  /// Goes on to the end of what is open. A doubled quote opens the next text at once, which comes
  /// to the same.
  private mutating func skip(to closing: UInt8) {
    if closing == UInt8(ascii: "*") {
      while position < bytes.count {
        position += 1
        if bytes[position - 1] == closing, peek(0) == UInt8(ascii: "/") {
          position += 1
          self.closing = nil
          return
        }
      }
      return
    }
    while position < bytes.count {
      let byte = bytes[position]
      take(1)
      if byte == closing {
        self.closing = nil
        return
      }
    }
  }

  private mutating func takeCommand() -> CommandText {
    let start = position
    skipLine()
    let line = String(decoding: bytes[(start + 1)..<position], as: UTF8.self)
    // What follows still belongs to the statement before, which the command is no part of.
    for index in start..<position { bytes[index] = UInt8(ascii: " ") }
    return CommandText(line: line, range: SourceRange(start: start, end: position))
  }
}
