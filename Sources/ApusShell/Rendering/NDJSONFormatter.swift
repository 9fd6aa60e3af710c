package import ApusValues
package import ApusVectors

/// A JSON object a line and nothing else; see `JSONObjects` for the values.
package struct NDJSONFormatter: ResultFormatter {
  private var objects = JSONObjects(Schema([]))

  package init() {}

  package mutating func begin(_ schema: Schema, into output: inout [UInt8]) {
    objects = JSONObjects(schema)
  }

  package mutating func append(_ batch: Batch, into output: inout [UInt8]) {
    let cells = batch.cells
    for row in 0..<batch.rowCount {
      objects.append(row, of: cells, to: &output)
      output.append(ascii: "\n")
    }
  }

  package mutating func finish(rowCount: Int, into output: inout [UInt8]) {}
}
