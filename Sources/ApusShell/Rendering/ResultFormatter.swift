package import ApusValues
package import ApusVectors

/// Writes a result as text, batch by batch, without holding more of it than it must.
///
/// A formatter only appends bytes; whoever drives it writes them out after each call.
package protocol ResultFormatter {
  /// Starts a result with the given columns, of which there is at least one.
  mutating func begin(_ schema: Schema, into output: inout [UInt8])

  /// Adds the rows of a batch whose columns are those of the schema.
  mutating func append(_ batch: Batch, into output: inout [UInt8])

  /// Ends the result after `rowCount` rows.
  mutating func finish(rowCount: Int, into output: inout [UInt8])
}

/// The formats by the names that `--format` takes.
package enum OutputFormat: String, CaseIterable, Sendable {
  case box
  case csv
  case tsv
  case json
  case ndjson
  case markdown
  case vertical

  /// Their names, for messages.
  static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }

  /// Whether results are read by people, who get a blank line between two of them.
  package var isForPeople: Bool {
    switch self {
    case .box, .markdown, .vertical: true
    case .csv, .tsv, .json, .ndjson: false
    }
  }

  /// Returns a formatter for one result.
  package func makeFormatter(for terminal: TerminalStyle) -> any ResultFormatter {
    switch self {
    case .box: BoxFormatter(style: terminal)
    case .csv: CSVFormatter()
    case .tsv: TSVFormatter()
    case .json: JSONFormatter()
    case .ndjson: NDJSONFormatter()
    case .markdown: MarkdownFormatter()
    case .vertical: VerticalFormatter(style: terminal)
    }
  }
}

/// What the place that results go to can show.
package struct TerminalStyle: Sendable, Equatable {
  /// Cells of a line; nil where lines may be of any length (a file, a pipe).
  package var width: Int?
  /// Whether text may be dimmed with escape sequences.
  package var canDim: Bool
  /// Rows that a box shows; nil is all.
  package var rowLimit: Int?
  /// Whether a line after the result says how many rows it had.
  package var hasStatusLine = false

  package init(width: Int? = nil, canDim: Bool = false) {
    self.width = width
    self.canDim = canDim
  }

  /// Lines of any length, nothing but text.
  package static let plain = TerminalStyle()
}
