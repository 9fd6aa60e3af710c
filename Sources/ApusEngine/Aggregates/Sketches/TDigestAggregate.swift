import ApusPlanner
import ApusValues
import ApusVectors

/// `tdigest_agg(x)`, `tdigest_agg(x, weight)`.
///
///     value_at_quantile(tdigest_agg(x), 0.5) FROM (VALUES 1, 2, 7) AS t (x)  →  2.0
enum TDigestAggregate: AggregateFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        """
        SELECT value_at_quantile(tdigest_agg(x), 0.5)
        FROM (VALUES 1.0, 2.0, 3.0) AS t(x)
        """,
        "2.0"
      )
    ]
  }

  static let overloads = [overload([]), overload([.type(.double)])]

  private static func overload(_ more: [FunctionSignature.Parameter]) -> AggregateOverload {
    AggregateOverload(
      FunctionSignature(
        "tdigest_agg",
        kind: .aggregate,
        [.type(.double)] + more,
        returns: .type(.tDigest),
        summary: "Returns the tdigest of all values, each of a weight (1)."
      )
    ) { _ throws(SQLError) in
      SketchAccumulator<TDigestSketch>(.tDigest) { (digests, rows, vectors) throws(SQLError) in
        let values = vectors[0].doubles
        let weights = vectors.count > 1 ? vectors[1].doubles : nil
        try rows.visit(nonNullsOf: vectors) { (group, row) throws(SQLError) in
          let value = values[row]
          guard value.isFinite else {
            throw invalidArgument("value must be finite; was \(javaText(value))")
          }
          let weight = weights?[row] ?? 1
          guard weight.isFinite else {
            throw invalidArgument("weight must be finite, was \(javaText(weight))")
          }
          guard weight >= 1 else {
            throw invalidArgument("weight must be >= 1, was \(javaText(weight))")
          }
          if digests[group] == nil { digests[group] = TDigestSketch() }
          digests[group]?.add(value, weight: weight)
        }
      }
    }
  }
}
