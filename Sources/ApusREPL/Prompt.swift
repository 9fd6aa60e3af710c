import ApusShell

/// What stands before the line that is being typed.
enum Prompt {
  /// The prompt within a statement says, before the `>`, what is still open.
  static func text(_ place: StatementScanner.Place) -> String {
    switch place {
    case .start: "apus> "
    case .statement: "    -> "
    case .parentheses: "    (> "
    case .text: "    '> "
    case .quotedName: "    \"> "
    case .comment: "    *> "
    }
  }
}
