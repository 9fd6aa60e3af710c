package import ApusValues
package import ApusVectors

/// A line per value under a heading per row, for wide results.
///
///     ─[ row 1 ]───────────
///     carrier │ UA
///     flights │ 58665
package struct VerticalFormatter: ResultFormatter {
  private let style: TerminalStyle
  /// The names, padded to the widest of them.
  private var labels: [[UInt8]] = []
  private var labelWidth = 0
  private var rowNumber = 0
  private var scratch: [UInt8] = []

  package init(style: TerminalStyle = .plain) { self.style = style }

  package mutating func begin(_ schema: Schema, into output: inout [UInt8]) {
    labels = schema.fields.map { field in
      var label: [UInt8] = []
      label.append(visible: Array(field.name.utf8)[...])
      return label
    }
    labelWidth = labels.map { TerminalWidth.of($0[...]) }.max() ?? 0
    for index in labels.indices {
      let width = TerminalWidth.of(labels[index][...])
      labels[index].append(repeating: UInt8(ascii: " "), count: labelWidth - width)
    }
    rowNumber = 0
  }

  package mutating func append(_ batch: Batch, into output: inout [UInt8]) {
    let cells = batch.cells
    for row in 0..<batch.rowCount {
      rowNumber += 1
      let heading = "─[ row \(rowNumber) ]"
      output.append(text: heading)
      for _ in 0..<max(1, labelWidth + 14 - heading.count) { output.append(text: "─") }
      output.append(ascii: "\n")
      for index in cells.indices {
        output.append(contentsOf: labels[index])
        output.append(text: " │ ")
        if cells[index].isNull(row) {
          output.append(text: style.canDim ? "\u{1b}[2mNULL\u{1b}[0m" : "NULL")
        } else if cells[index].content == .text {
          scratch.removeAll(keepingCapacity: true)
          cells[index].appendText(row, to: &scratch)
          output.append(visible: scratch[...])
        } else {
          cells[index].appendText(row, to: &output)
        }
        output.append(ascii: "\n")
      }
    }
  }

  package mutating func finish(rowCount: Int, into output: inout [UInt8]) {
    guard !style.hasStatusLine else { return }
    output.append(text: rowCount == 1 ? "(1 row)\n" : "(\(rowCount) rows)\n")
  }
}
