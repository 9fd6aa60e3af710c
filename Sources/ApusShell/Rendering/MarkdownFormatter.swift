package import ApusValues
package import ApusVectors

/// A table of GitHub's Markdown: numbers to the right, line breaks as `<br>`.
///
/// Characters that Markdown would take for its own (`|`, `\`, `` ` ``, `*`, `<`) are escaped.
package struct MarkdownFormatter: ResultFormatter {
  private var scratch: [UInt8] = []

  package init() {}

  package mutating func begin(_ schema: Schema, into output: inout [UInt8]) {
    output.append(ascii: "|")
    for field in schema.fields {
      output.append(ascii: " ")
      appendEscaped(Array(field.name.utf8), to: &output)
      output.append(text: " |")
    }
    output.append(text: "\n|")
    for field in schema.fields { output.append(text: field.type.isNumeric ? "--:|" : "---|") }
    output.append(ascii: "\n")
  }

  package mutating func append(_ batch: Batch, into output: inout [UInt8]) {
    let cells = batch.cells
    for row in 0..<batch.rowCount {
      output.append(ascii: "|")
      for index in cells.indices {
        output.append(ascii: " ")
        if cells[index].isNull(row) {
          output.append(text: "NULL")
        } else if cells[index].content == .text {
          scratch.removeAll(keepingCapacity: true)
          cells[index].appendText(row, to: &scratch)
          appendEscaped(scratch, to: &output)
        } else {
          cells[index].appendText(row, to: &output)
        }
        output.append(text: " |")
      }
      output.append(ascii: "\n")
    }
  }

  package mutating func finish(rowCount: Int, into output: inout [UInt8]) {}

  private func appendEscaped(_ bytes: [UInt8], to output: inout [UInt8]) {
    var start = 0
    for (index, byte) in bytes.enumerated() {
      switch byte {
      case UInt8(ascii: "\n"):
        output.append(visible: bytes[start..<index])
        output.append(text: "<br>")
        start = index + 1
      case UInt8(ascii: "|"), UInt8(ascii: "\\"), UInt8(ascii: "`"), UInt8(ascii: "*"),
        UInt8(ascii: "<"):
        output.append(visible: bytes[start..<index])
        output.append(ascii: "\\")
        start = index
      default: break
      }
    }
    output.append(visible: bytes[start...])
  }
}
