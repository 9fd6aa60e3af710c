package import ApusValues

/// Puts errors into words for a terminal:
///
///     error: COLUMN_NOT_FOUND at 1:8: Column 'nme' cannot be resolved
///       SELECT nme FROM airlines
///              ^^^
///     hint: Did you mean 'name'?
package struct ErrorPresenter: Sendable {
  /// The whole text that the statement stands in.
  private let script: String
  /// What the text is called in places: `query.sql:3:8`; nil is only `3:8`.
  private let scriptName: String?

  package init(script: String, scriptName: String? = nil) {
    self.script = script
    self.scriptName = scriptName
  }

  /// Returns lines that end in a line feed.
  ///
  /// - Parameter offset: where the statement, to which the error's range refers, begins.
  package func present(_ error: SQLError, offset: Int = 0) -> String {
    var text = "error: \(error.code.rawValue)"
    if let range = error.range {
      let place = LineAndColumn(offset: range.start + offset, in: script)
      text += " at " + (scriptName.map { $0 + ":" } ?? "") + place.description
    }
    text += ": " + visible(error.message) + "\n"
    if let range = error.range {
      text += excerpt(SourceRange(start: range.start + offset, end: range.end + offset))
    }
    if let cause = error.cause { text += "cause: " + visible("\(cause)") + "\n" }
    if let hint = error.hint { text += "hint: " + visible(hint) + "\n" }
    return text
  }

  /// The line where a range begins, and a line of carets below the range's part of it.
  private func excerpt(_ range: SourceRange) -> String {
    let bytes = Array(script.utf8)
    let start = min(max(range.start, 0), bytes.count)
    let newline = UInt8(ascii: "\n")
    let lineStart = bytes[..<start].lastIndex(of: newline).map { $0 + 1 } ?? 0
    let lineEnd = bytes[start...].firstIndex(of: newline) ?? bytes.count
    let end = min(max(range.end, start), lineEnd)
    let widthLimit = 160
    var shownStart = lineStart
    var shownEnd = lineEnd
    // Of a very long line, show what is around the place.
    if lineEnd - lineStart > widthLimit {
      shownStart = max(lineStart, start - widthLimit / 2)
      while shownStart < start, bytes[shownStart] & 0xc0 == 0x80 { shownStart += 1 }
      shownEnd = min(lineEnd, max(shownStart + widthLimit, start))
      while shownEnd < lineEnd, bytes[shownEnd] & 0xc0 == 0x80 { shownEnd += 1 }
    }
    let before = shown(bytes[shownStart..<start])
    let marked = shown(bytes[start..<max(start, min(end, shownEnd))])
    let after = shown(bytes[max(start, min(end, shownEnd))..<shownEnd])
    guard !(before + marked + after).isEmpty else { return "" }
    let carets = max(1, TerminalWidth.of(marked))
    return "  " + before + marked + after + "\n  "
      + String(repeating: " ", count: TerminalWidth.of(before))
      + String(repeating: "^", count: carets) + "\n"
  }

  /// Text without controls, tabs as single spaces so that carets stay below their letters.
  private func shown(_ bytes: ArraySlice<UInt8>) -> String {
    var result: [UInt8] = []
    result.append(
      visible: bytes.filter { $0 != UInt8(ascii: "\r") }
        .map { $0 == UInt8(ascii: "\t") ? UInt8(ascii: " ") : $0 }[...]
    )
    return String(decoding: result, as: UTF8.self)
  }

  private func visible(_ text: String) -> String {
    var result: [UInt8] = []
    result.append(visible: Array(text.utf8)[...])
    return String(decoding: result, as: UTF8.self)
  }
}
