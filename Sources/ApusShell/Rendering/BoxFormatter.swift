package import ApusValues
package import ApusVectors

/// A table drawn with lines, numbers to the right.
///
///     ┌─────────┬─────────┐
///     │ carrier │ flights │
///     ├─────────┼─────────┤
///     │ UA      │   58665 │
///     └─────────┴─────────┘
///     (1 row)
///
/// The first `windowSize` rows are held back to find the widths of the columns; what follows streams.
/// On a terminal, columns are narrowed to the width of a line and their values cut with `…`; columns
/// that do not fit even so are left out and the last line says how many. Elsewhere nothing is ever
/// cut: a later value that is wider than its column pushes its line out of shape instead.
/// Beyond the style's limit of rows, rows are counted and not shown.
package struct BoxFormatter: ResultFormatter {
  private let style: TerminalStyle
  private let windowSize: Int
  private var schema = Schema([])
  /// Batches held back, or nil once the widths stand.
  private var window: [Batch]? = []
  private var windowRowCount = 0
  /// Rows taken, those beyond the limit too.
  private var takenRowCount = 0
  /// Cells of each column shown; as many as columns are shown.
  private var widths: [Int] = []
  private var scratch: [UInt8] = []

  /// The narrowest that a column is made to fit a line.
  private static let narrowest = 5

  package init(style: TerminalStyle = .plain, windowSize: Int = 1000) {
    self.style = style
    self.windowSize = windowSize
  }

  package mutating func begin(_ schema: Schema, into output: inout [UInt8]) {
    self.schema = schema
    window = []
    windowRowCount = 0
    takenRowCount = 0
  }

  package mutating func append(_ batch: Batch, into output: inout [UInt8]) {
    guard let batch = limited(batch) else { return }
    guard window != nil else {
      appendRows(batch, to: &output)
      return
    }
    window?.append(batch)
    windowRowCount += batch.rowCount
    if windowRowCount >= windowSize { releaseWindow(to: &output) }
  }

  /// The rows of a batch that are shown; nil if there are none.
  private mutating func limited(_ batch: Batch) -> Batch? {
    guard let limit = style.rowLimit else { return batch }
    let left = limit - takenRowCount
    guard left > 0 else { return nil }
    takenRowCount += batch.rowCount
    return batch.rowCount <= left ? batch : batch.slice(0..<left)
  }

  package mutating func finish(rowCount: Int, into output: inout [UInt8]) {
    releaseWindow(to: &output)
    appendLine("└", "┴", "┘", to: &output)
    let hidden = schema.count - widths.count
    guard !style.hasStatusLine else {
      // Short enough for a narrow terminal.
      if let limit = style.rowLimit, rowCount > limit {
        output.append(
          text: "(\(humanCount(limit)) of \(humanCount(rowCount)) rows; \\pset rows all)\n"
        )
      }
      if hidden > 0 {
        output.append(text: "(\(widths.count) of \(schema.count) columns; \\x shows all)\n")
      }
      return
    }
    output.append(text: rowCount == 1 ? "(1 row" : "(\(rowCount) rows")
    if hidden > 0 {
      output.append(
        text: ", \(hidden) of \(schema.count) columns not shown; --format vertical shows all"
      )
    }
    output.append(text: ")\n")
  }

  /// The cells of a line on which nothing is cut, judged by one batch.
  mutating func naturalWidth(_ schema: Schema, _ batch: Batch?) -> Int {
    self.schema = schema
    return BoxFormatter.lineWidth(columnWidths(batch.map { [$0] } ?? []))
  }

  private static func lineWidth(_ widths: [Int]) -> Int { widths.reduce(1) { $0 + $1 + 3 } }

  private mutating func releaseWindow(to output: inout [UInt8]) {
    guard let batches = window else { return }
    window = nil
    widths = columnWidths(batches)
    if let limit = style.width { fit(into: limit) }
    appendLine("┌", "┬", "┐", to: &output)
    appendHeader(to: &output)
    appendLine("├", "┼", "┤", to: &output)
    for batch in batches { appendRows(batch, to: &output) }
  }

  /// The widest of name and values for each column, of the first rows.
  private mutating func columnWidths(_ batches: [Batch]) -> [Int] {
    var result = schema.fields.map { field in
      scratch.removeAll(keepingCapacity: true)
      scratch.append(visible: Array(field.name.utf8)[...])
      return TerminalWidth.of(scratch[...])
    }
    var rowsLeft = windowSize
    for batch in batches {
      let rowCount = min(batch.rowCount, rowsLeft)
      rowsLeft -= rowCount
      for (index, cell) in batch.cells.enumerated() {
        for row in 0..<rowCount { result[index] = max(result[index], render(cell, row)) }
      }
    }
    return result
  }

  /// Puts the visible text of a cell into `scratch` and returns its width.
  private mutating func render(_ cell: CellColumn, _ row: Int) -> Int {
    scratch.removeAll(keepingCapacity: true)
    if cell.isNull(row) {
      scratch.append(text: "NULL")
      return 4
    }
    guard cell.content == .text else {
      cell.appendText(row, to: &scratch)
      return scratch.count
    }
    cell.withText(row) { bytes in
      let needsCare = bytes.contains { $0 < 0x20 || $0 >= 0x7f }
      if needsCare {
        scratch.append(visible: Array(bytes)[...])
      } else {
        scratch.append(contentsOf: bytes)
      }
    }
    return TerminalWidth.of(scratch[...])
  }

  /// Narrows the widest columns until a line fits, then drops the last ones.
  private mutating func fit(into limit: Int) {
    while BoxFormatter.lineWidth(widths) > limit {
      // Lower the widest to the next one below, or by what is missing.
      guard let widest = widths.max(), widest > BoxFormatter.narrowest else { break }
      let next = widths.filter { $0 < widest }.max() ?? 0
      let wideCount = widths.count { $0 == widest }
      let missing = BoxFormatter.lineWidth(widths) - limit
      let step = min(widest - max(next, BoxFormatter.narrowest), (missing - 1) / wideCount + 1)
      var surplus = max(0, step * wideCount - missing)
      for index in widths.indices where widths[index] == widest {
        // The columns lowered last keep a cell each where the step took more than was missing.
        let kept = surplus > 0 && step > 1 ? 1 : 0
        surplus -= kept
        widths[index] -= step - kept
      }
    }
    while BoxFormatter.lineWidth(widths) > limit, widths.count > 1 { widths.removeLast() }
  }

  private func appendLine(
    _ left: String,
    _ middle: String,
    _ right: String,
    to output: inout [UInt8]
  ) {
    for (index, width) in widths.enumerated() {
      output.append(text: index == 0 ? left : middle)
      for _ in 0..<(width + 2) { output.append(text: "─") }
    }
    output.append(text: right)
    output.append(ascii: "\n")
  }

  private mutating func appendHeader(to output: inout [UInt8]) {
    for (index, width) in widths.enumerated() {
      output.append(text: index == 0 ? "│ " : " │ ")
      scratch.removeAll(keepingCapacity: true)
      scratch.append(visible: Array(schema.fields[index].name.utf8)[...])
      let ownWidth = TerminalWidth.of(scratch[...])
      appendPadded(
        ownWidth,
        width: width,
        toTheRight: schema.fields[index].type.isNumeric,
        isDim: false,
        to: &output
      )
    }
    output.append(text: " │\n")
  }

  private mutating func appendRows(_ batch: Batch, to output: inout [UInt8]) {
    let cells = batch.cells
    for row in 0..<batch.rowCount {
      for (index, width) in widths.enumerated() {
        output.append(text: index == 0 ? "│ " : " │ ")
        let ownWidth = render(cells[index], row)
        appendPadded(
          ownWidth,
          width: width,
          toTheRight: schema.fields[index].type.isNumeric,
          isDim: style.canDim && cells[index].isNull(row),
          to: &output
        )
      }
      output.append(text: " │\n")
    }
  }

  /// Appends what `scratch` holds, cut or padded to `width` cells.
  private mutating func appendPadded(
    _ ownWidth: Int,
    width: Int,
    toTheRight: Bool,
    isDim: Bool,
    to output: inout [UInt8]
  ) {
    if ownWidth > width, style.width != nil {
      let (kept, keptWidth) = TerminalWidth.prefix(scratch[...], width: width - 1)
      output.append(contentsOf: kept)
      output.append(text: "…")
      output.append(repeating: UInt8(ascii: " "), count: width - 1 - keptWidth)
      return
    }
    let padding = width - ownWidth
    if toTheRight { output.append(repeating: UInt8(ascii: " "), count: padding) }
    if isDim { output.append(text: "\u{1b}[2m") }
    output.append(contentsOf: scratch)
    if isDim { output.append(text: "\u{1b}[0m") }
    if !toTheRight { output.append(repeating: UInt8(ascii: " "), count: padding) }
  }
}
