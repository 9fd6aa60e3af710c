/// Finds what could stand where the cursor is.
final class Completer {
  /// Returns what could stand in place of the bytes `start..<end` of a line.
  func candidates(line: [UInt8], start: Int, end: Int) -> [String] { [] }
}
