/// Is a line of Grammar/ErrorCodes.txt.
package struct ErrorCodeEntry: Hashable, Sendable {
  package var sqlState: String
  package var name: String
  package var errorClass: String
  package var number: Int
  package var isCaughtByTry: Bool

  /// Reads Grammar/ErrorCodes.txt.
  package static func read(_ text: String, file: String) throws(GrammarError) -> [ErrorCodeEntry] {
    var entries: [ErrorCodeEntry] = []
    var names: Set<String> = []
    for (number, line) in GrammarReader.lines(text).enumerated()
    where !line.isEmpty && line.first != "#" {
      let fields = GrammarReader.fields(line)
      func failure(_ message: String) -> GrammarError {
        GrammarError(file: file, line: number + 1, message: message)
      }
      guard fields.count == 4 || (fields.count == 5 && fields[4] == "caught-by-try"),
        fields[0].utf8.count == 5, let code = Int(fields[3])
      else { throw failure("SQLSTATE NAME CLASS NUMBER [caught-by-try] expected") }
      guard ["user", "resources", "external", "internal"].contains(fields[2]) else {
        throw failure("\(fields[2]) is no class of errors")
      }
      guard names.insert(fields[1]).inserted else { throw failure("\(fields[1]) stands twice") }
      entries.append(
        ErrorCodeEntry(
          sqlState: fields[0],
          name: fields[1],
          errorClass: fields[2],
          number: code,
          isCaughtByTry: fields.count == 5
        )
      )
    }
    return entries
  }
}

/// Writes Sources/ApusValues/Generated/ErrorCode.swift.
package enum ErrorCodeEmitter {
  package static let path = "Sources/ApusValues/Generated/ErrorCode.swift"

  package static func text(_ entries: [ErrorCodeEntry]) -> String {
    var text = """
      // (generated from Grammar/ErrorCodes.txt by `swift run apus-grammar`)

      /// The name of an error as Athena and Trino spell it, with its class and its SQLSTATE.
      public enum ErrorCode: String, Sendable, CaseIterable {

      """
    for entry in entries {
      text += "  case \(SwiftName.declared(entry.name)) = \"\(entry.name)\"\n"
    }
    text += """

        /// The five characters that the PostgreSQL wire protocol carries.
        public var sqlState: String {
          switch self {

      """
    text += cases(entries, \.sqlState) { "\"\($0)\"" }
    text += """
          }
        }

        /// Who can mend the error.
        public var errorClass: ErrorClass {
          switch self {

      """
    text += cases(entries, \.errorClass) { ".\($0)" }
    text += """
          }
        }

        /// Whether `TRY(...)` and `TRY_CAST` turn the error into NULL.
        public var isCaughtByTry: Bool {
          switch self {

      """
    text += line(entries.filter(\.isCaughtByTry), "true")
    text += """
          default:
            false
          }
        }
      }

      """
    return text
  }

  /// Writes a case for each value of a property, in the order of the values.
  private static func cases(
    _ entries: [ErrorCodeEntry],
    _ property: KeyPath<ErrorCodeEntry, String>,
    _ spell: (String) -> String
  ) -> String {
    let groups = Dictionary(grouping: entries) { $0[keyPath: property] }
    return groups.keys.sorted().map { line(groups[$0] ?? [], spell($0)) }.joined()
  }

  private static func line(_ entries: [ErrorCodeEntry], _ value: String) -> String {
    let names = entries.map { ".\(SwiftName.of($0.name))" }.joined(separator: ",\n      ")
    return "    case \(names):\n      \(value)\n"
  }
}
