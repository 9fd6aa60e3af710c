import ApusPlanner
import ApusValues
import ApusVectors

// A cast from varbinary takes any bytes, as in Trino; the functions of sketches check them.

extension CastOperation {
  /// The HyperLogLog inside a SetDigest.
  func distinctKernel() -> UnaryKernel {
    { vector, rows, errors throws(SQLError) in
      let vector = vector.decoded
      defer { extendLifetime(vector) }
      let source = vector.texts
      return mapText([vector], to: to, rows: rows, range: range, errors: &errors) {
        (row: Int, heap: StringHeap) throws(SQLError) -> StringView? in
        heap.store(try SetDigest.distinctBytes(source.bytes(row)))
      }
    }
  }
}
