/// A call of a function and what it answers, for the reference; the tests run every one.
///
///     FunctionExample("length('Zürich')", "6")
///
/// An example belongs to the names of its file that it calls, so it need not say which.
public struct FunctionExample: Sendable {
  /// An expression, or a query that begins with SELECT or WITH.
  public var expression: String
  /// What a box prints of it: values of a row are separated by `, `, rows by `; `.
  public var answer: String

  public init(_ expression: String, _ answer: String) {
    self.expression = expression
    self.answer = answer
  }

  /// The statement that answers it.
  public var statement: String {
    ["SELECT ", "WITH "].contains { expression.hasPrefix($0) }
      ? expression : "SELECT " + expression
  }

  /// The expression with its answer as a comment, on the same line if there is room.
  package var commented: String {
    let line = expression + "  -- " + answer
    return expression.contains("\n") || line.count > 100 ? expression + "\n-- " + answer : line
  }

  /// Whether the expression calls a function, written in lower case and not within a text.
  package func calls(_ name: String) -> Bool {
    let code = expression.split(separator: "'", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset.isMultiple(of: 2) }.map(\.element).joined(separator: "''")
    let words = code.split { !($0.isLetter || $0.isNumber || $0 == "_") }
    return words.contains { $0 == name }
  }
}
