import ApusSyntax
import ApusValues
import Testing

/// Checks that a text does not parse, with which code and message, and which part is marked.
func expectError(
  _ text: String,
  _ code: ErrorCode = .syntaxError,
  at part: String,
  _ message: String? = nil,
  hint: String? = nil,
  _ location: SourceLocation = #_sourceLocation
) {
  do {
    let tree = try parseStatement(text)
    Issue.record("accepted as \(tree)", sourceLocation: location)
  } catch {
    #expect(error.code == code, "\(error)", sourceLocation: location)
    if let range = error.range {
      let bytes = Array(text.utf8)[range.start..<range.end]
      #expect(String(decoding: bytes, as: UTF8.self) == part, sourceLocation: location)
    } else {
      Issue.record("no place: \(error)", sourceLocation: location)
    }
    if let message { #expect(error.message == message, sourceLocation: location) }
    if let hint { #expect(error.hint == hint, sourceLocation: location) }
  }
}

/// Checks what an expression prints as, with every operator's grouping made visible by hand in
/// `printed`, which must mean the same tree.
func expectExpression(
  _ text: String,
  printsAs printed: String,
  _ location: SourceLocation = #_sourceLocation
) throws {
  let tree = try parseExpression(text)
  #expect(SQLPrinter.text(of: tree) == printed, sourceLocation: location)
  #expect(try parseExpression(printed) == tree, sourceLocation: location)
}

/// The part of `text` that a node covers.
func covered(_ node: some SyntaxNode, of text: String) -> String {
  String(decoding: Array(text.utf8)[node.range.start..<node.range.end], as: UTF8.self)
}
