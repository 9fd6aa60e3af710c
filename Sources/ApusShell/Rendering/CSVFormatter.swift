package import ApusValues
package import ApusVectors

/// Comma-separated values after RFC 4180, with a header line, lines ended by LF.
///
/// NULL is an empty field and the empty string `""`. Other fields are quoted where they hold a
/// comma, a quote or a line break.
package struct CSVFormatter: ResultFormatter {
  package init() {}

  package mutating func begin(_ schema: Schema, into output: inout [UInt8]) {
    for (index, field) in schema.fields.enumerated() {
      if index > 0 { output.append(ascii: ",") }
      var name = field.name
      name.withUTF8 { appendField(UnsafeRawBufferPointer($0), to: &output) }
    }
    output.append(ascii: "\n")
  }

  package mutating func append(_ batch: Batch, into output: inout [UInt8]) {
    let cells = batch.cells
    for row in 0..<batch.rowCount {
      for index in cells.indices {
        if index > 0 { output.append(ascii: ",") }
        if cells[index].isNull(row) { continue }
        switch cells[index].content {
        case .text:
          cells[index].withText(row) { appendField($0, to: &output) }
        case .plain where cells[index].vector.type == .varbinary:
          cells[index].withBytes(row) {
            if $0.isEmpty { output.append(text: "\"\"") }
            output.append(hexadecimalPairs: $0)
          }
        case .boolean, .number, .floatingPoint, .plain:
          cells[index].appendText(row, to: &output)
        }
      }
      output.append(ascii: "\n")
    }
  }

  package mutating func finish(rowCount: Int, into output: inout [UInt8]) {}

  private func appendField(_ bytes: UnsafeRawBufferPointer, to output: inout [UInt8]) {
    let needsQuotes =
      bytes.isEmpty
      || bytes.contains { byte in
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n")
          || byte == UInt8(ascii: "\r")
      }
    guard needsQuotes else {
      output.append(contentsOf: bytes)
      return
    }
    output.append(ascii: "\"")
    for byte in bytes {
      if byte == UInt8(ascii: "\"") { output.append(byte) }
      output.append(byte)
    }
    output.append(ascii: "\"")
  }
}
