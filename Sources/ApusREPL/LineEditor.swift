import ApusShell
import CLineEditing
import Glibc

/// Reads lines from the terminal with editing, history and completion.
///
/// There is one of it, as the library behind it keeps its state in global variables.
final class LineEditor {
  /// What a person entered at a prompt.
  enum Input: Equatable {
    /// Without the line feed at its end; what was pasted may have some within.
    case line(String)
    /// Ctrl-C.
    case interrupted
    /// Ctrl-D on an empty line.
    case end
  }

  /// The characters between which readline looks for the word to complete. Points are among them,
  /// so that `t.na` completes a column, and the backslash is not, as it begins a command's name.
  private static let wordBreaks = " \t\n,;()[]'\"`=<>+-*/%|.:"

  /// Sets the library up; to be done once.
  init(_ wakeups: Interrupts.Wakeups, completer: Completer) {
    // The library keeps it for as long as the process lives.
    let context = Unmanaged.passRetained(completer).toOpaque()
    let isShown = Terminal.isTerminal(STDOUT_FILENO)
    line_editing_start(
      "apus",
      LineEditor.wordBreaks,
      wakeups.descriptor,
      isShown ? STDOUT_FILENO : STDERR_FILENO,
      context
    ) { context, line, start, end, sink, emit in
      guard let context, let line, let emit else { return }
      let completer = Unmanaged<Completer>.fromOpaque(context).takeUnretainedValue()
      let text = Array(String(cString: line).utf8)
      for word in completer.candidates(line: text, start: Int(start), end: Int(end)) {
        emit(sink, word)
      }
    }
  }

  func read(_ prompt: String) -> Input {
    guard let line = line_editing_read(prompt) else { return .end }
    defer { free(line) }
    return line_editing_was_interrupted() != 0 ? .interrupted : .line(String(cString: line))
  }

  /// Adds an entry, of perhaps several lines, to those that the arrow keys bring back.
  func remember(_ entry: String) { line_editing_add_history(entry) }
}
