package import ApusValues
package import ApusVectors

/// Tab-separated values with a header line, in the text notation of PostgreSQL's COPY.
///
/// NULL is `\N`; tab, line feed, carriage return and backslash within text are `\t`, `\n`, `\r` and
/// `\\`, so that every line is a row and every tab a border.
package struct TSVFormatter: ResultFormatter {
  package init() {}

  package mutating func begin(_ schema: Schema, into output: inout [UInt8]) {
    for (index, field) in schema.fields.enumerated() {
      if index > 0 { output.append(ascii: "\t") }
      var name = field.name
      name.withUTF8 { appendField(UnsafeRawBufferPointer($0), to: &output) }
    }
    output.append(ascii: "\n")
  }

  package mutating func append(_ batch: Batch, into output: inout [UInt8]) {
    let cells = batch.cells
    for row in 0..<batch.rowCount {
      for index in cells.indices {
        if index > 0 { output.append(ascii: "\t") }
        if cells[index].isNull(row) {
          output.append(text: "\\N")
        } else if cells[index].content == .text {
          cells[index].withText(row) { appendField($0, to: &output) }
        } else {
          cells[index].appendText(row, to: &output)
        }
      }
      output.append(ascii: "\n")
    }
  }

  package mutating func finish(rowCount: Int, into output: inout [UInt8]) {}

  private func appendField(_ bytes: UnsafeRawBufferPointer, to output: inout [UInt8]) {
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\t"): output.append(text: "\\t")
      case UInt8(ascii: "\n"): output.append(text: "\\n")
      case UInt8(ascii: "\r"): output.append(text: "\\r")
      case UInt8(ascii: "\\"): output.append(text: "\\\\")
      default: output.append(byte)
      }
    }
  }
}
