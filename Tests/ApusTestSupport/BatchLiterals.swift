package import ApusValues
package import ApusVectors

extension Batch {
  /// Makes a batch of rows of values, for tests.
  package init(_ schema: Schema, _ rows: [[Value]]) {
    let columns = schema.fields.enumerated().map { index, field in
      let builder = VectorBuilder(type: field.type, capacity: rows.count)
      for (row, values) in rows.enumerated() { builder.set(row, values[index]) }
      return builder.finish(count: rows.count)
    }
    self.init(columns: columns, rowCount: rows.count)
  }
}
