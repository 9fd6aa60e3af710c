import ApusPlanner
import ApusValues
import ApusVectors

/// `approx_set(x)`: the `HyperLogLog` of bigints, doubles or texts.
///
///     cardinality(approx_set(x)) FROM (VALUES 1, 2, 2) AS t (x)  →  2
enum ApproximateSet: AggregateFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("SELECT cardinality(approx_set(x)) FROM (VALUES 'a', 'b', 'a') AS t(x)", "2")
    ]
  }

  static let overloads = [SQLType.bigint, .double, .text].map { type in
    AggregateOverload(
      FunctionSignature(
        "approx_set",
        kind: .aggregate,
        [.type(type)],
        returns: .type(.hyperLogLog),
        summary: """
          Returns the HyperLogLog of all values, which estimates how many differ, with a \
          standard error of 1.6%.
          """
      )
    ) { _ throws(SQLError) in
      SketchAccumulator<HyperLogLogSketch>(.hyperLogLog) { sketches, rows, vectors in
        let hash = sketchHash(vectors[0])
        rows.visit(nonNullsOf: vectors[0]) { group, row in
          if sketches[group] == nil { sketches[group] = HyperLogLogSketch() }
          sketches[group]?.add(hash(row))
        }
      }
    }
  }
}

/// The hash by which Trino's sketches know the value of each row of bigints, doubles or texts.
///
/// - Parameter vector: decoded; the hash of a NULL means nothing.
private func sketchHash(_ vector: ColumnVector) -> (Int) -> UInt64 {
  switch vector.type {
  case .bigint:
    let values = vector.bigints
    return { Murmur3.hash64(values[$0]) }
  case .double:
    let values = vector.doubles
    return { row in
      // Zeros of both signs are two values, but all NaNs are one.
      let value = values[row].isNaN ? Double.nan : values[row]
      return Murmur3.hash64(Int64(bitPattern: value.bitPattern))
    }
  default:
    let texts = vector.texts
    return { Murmur3.hash64(texts.bytes($0)) }
  }
}
