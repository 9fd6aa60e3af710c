package import ApusValues
package import ApusVectors

/// One JSON array of objects, a row a line; see `JSONObjects` for the values.
package struct JSONFormatter: ResultFormatter {
  private var objects = JSONObjects(Schema([]))
  private var isFirst = true

  package init() {}

  package mutating func begin(_ schema: Schema, into output: inout [UInt8]) {
    objects = JSONObjects(schema)
    isFirst = true
    output.append(ascii: "[")
  }

  package mutating func append(_ batch: Batch, into output: inout [UInt8]) {
    let cells = batch.cells
    for row in 0..<batch.rowCount {
      output.append(text: isFirst ? "\n  " : ",\n  ")
      isFirst = false
      objects.append(row, of: cells, to: &output)
    }
  }

  package mutating func finish(rowCount: Int, into output: inout [UInt8]) {
    output.append(text: isFirst ? "]\n" : "\n]\n")
  }
}
