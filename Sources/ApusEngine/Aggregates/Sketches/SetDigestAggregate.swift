import ApusPlanner
import ApusValues
import ApusVectors

/// `make_set_digest(x)`: the `SetDigest` of texts, bytes, and what Trino keeps in 64 bits.
///
///     cardinality(make_set_digest(x)) FROM (VALUES 1, 2, 2) AS t (x)  →  2
enum SetDigestAggregate: AggregateFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        """
        SELECT intersection_cardinality(make_set_digest(x), make_set_digest(y))
        FROM (VALUES (1, 2), (2, 3)) AS t(x, y)
        """,
        "1"
      )
    ]
  }

  static let overloads = [
    AggregateOverload(
      FunctionSignature(
        "make_set_digest",
        kind: .aggregate,
        [.any],
        returns: .type(.setDigest),
        summary: "Returns the SetDigest of all values, which can be intersected with others."
      )
    ) { function throws(SQLError) in
      let type = function.parameterTypes[0]
      guard isHashed(type) else {
        throw SQLError(
          .functionNotFound,
          "Unexpected parameters (\(type)) for function make_set_digest. "
            + "Expected: make_set_digest(T) for T of 64 bits, text or bytes"
        )
      }
      return SketchAccumulator<SetDigest>(.setDigest) { digests, rows, vectors in
        let hash = setHash(vectors[0])
        rows.visit(nonNullsOf: vectors[0]) { group, row in
          if digests[group] == nil { digests[group] = SetDigest() }
          digests[group]?.add(hash(row))
        }
      }
    }
  ]

  /// Whether values are one 64-bit number or bytes to Trino.
  private static func isHashed(_ type: SQLType) -> Bool {
    switch type {
    case .boolean, .double, .timeWithTimeZone, .timestampWithTimeZone, .array, .map, .row: false
    case .decimal(let precision, _): precision <= 18
    case .timestamp(let precision): precision <= 6
    default: true
    }
  }

  /// - Parameter vector: decoded, of a type that `isHashed`.
  private static func setHash(_ vector: ColumnVector) -> (Int) -> UInt64 {
    switch vector.type.physicalType {
    case .boolean, .float64: { _ in 0 }
    case .int8: numberHash(vector, Int8.self)
    case .int16: numberHash(vector, Int16.self)
    case .int32: numberHash(vector, Int32.self)
    case .int64: numberHash(vector, Int64.self)
    case .float32:
      // The bits as a number.
      numberHash(vector, Int32.self)
    case .int128:
      wideHash(vector)
    case .string:
      bytesHash(vector)
    }
  }

  private static func numberHash<Number: FixedWidthInteger>(
    _ vector: ColumnVector,
    _ number: Number.Type
  ) -> (Int) -> UInt64 {
    let values = vector.operand(as: Number.self)
    // Times are picoseconds there and microseconds here.
    let factor: Int64 = vector.type.isTime ? 1_000_000 : 1
    return { Murmur3.hash64(Int64(truncatingIfNeeded: values[$0]) &* factor) }
  }

  /// Times of more than six digits are picoseconds; uuids and addresses are sixteen bytes.
  private static func wideHash(_ vector: ColumnVector) -> (Int) -> UInt64 {
    let values = vector.operand(as: Int128.self)
    if vector.type.isTime { return { Murmur3.hash64(Int64(truncatingIfNeeded: values[$0])) } }
    return { row in values[row].orderedBytes.withUnsafeBytes { Murmur3.hash64($0) } }
  }

  private static func bytesHash(_ vector: ColumnVector) -> (Int) -> UInt64 {
    let texts = vector.texts
    return { Murmur3.hash64(texts.bytes($0)) }
  }
}
