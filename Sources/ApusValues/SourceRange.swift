/// A half-open range of UTF-8 byte offsets in the text of one statement.
public struct SourceRange: Hashable, Sendable {
  public var start: Int
  public var end: Int

  public init(start: Int, end: Int) {
    self.start = start
    self.end = end
  }

  /// Returns the smallest range that covers both.
  public func union(_ other: SourceRange) -> SourceRange {
    SourceRange(start: min(start, other.start), end: max(end, other.end))
  }
}

/// A place in a text as people count: lines and columns from 1, columns in Unicode scalars.
public struct LineAndColumn: Hashable, Sendable, CustomStringConvertible {
  public var line: Int
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// Finds the place of the byte at `offset` in `text`; an offset past the end means the end.
  public init(offset: Int, in text: String) {
    var line = 1
    var column = 1
    var position = 0
    for scalar in text.unicodeScalars {
      if position >= offset { break }
      position += UTF8.width(scalar)
      if scalar == "\n" {
        line += 1
        column = 1
      } else {
        column += 1
      }
    }
    self.init(line: line, column: column)
  }

  public var description: String { "\(line):\(column)" }
}
