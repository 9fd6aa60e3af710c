import ApusValues
import ApusVectors

extension Batch {
  /// Returns the rows of small batches of one layout as one batch.
  ///
  /// Columns that share a dictionary in all batches keep it; others become flat.
  static func concatenated(_ batches: [Batch]) -> Batch {
    guard let first = batches.first, batches.count > 1 else {
      return batches.first ?? Batch(columns: [], rowCount: 0)
    }
    let columns = first.columns.indices.map { column in
      ColumnVector.joined(batches.map { $0.columns[column] }, type: first.columns[column].type)
    }
    return Batch(columns: columns, rowCount: batches.reduce(0) { $0 + $1.rowCount })
  }
}

extension ColumnVector {
  fileprivate static func joined(_ vectors: [ColumnVector], type: SQLType) -> ColumnVector {
    let storage = vectors[0].storage
    let sharesDictionary = vectors.allSatisfy {
      $0.encoding == .dictionary && $0.storage === storage
    }
    guard sharesDictionary else { return concatenated(vectors, type: type) }
    let count = vectors.reduce(0) { $0 + $1.count }
    let buffer = VectorBuffer(byteCount: count * 4)
    var output = buffer.base.assumingMemoryBound(to: Int32.self)
    for vector in vectors {
      guard let indices = vector.indices else { continue }
      output.update(from: indices, count: vector.count)
      output += vector.count
    }
    return ColumnVector(
      type: type,
      count: count,
      encoding: .dictionary,
      storage: storage,
      indexBuffer: buffer
    )
  }
}
