import ApusPlanner
import ApusValues
import ApusVectors

/// `merge(sketch)`, and `merge_set_digest(digest)`: one sketch of all values of many.
///
///     cardinality(merge(h)) FROM (VALUES approx_set_of_monday, approx_set_of_tuesday) AS t (h)
enum MergeSketches: AggregateFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        """
        SELECT cardinality(merge(s))
        FROM (SELECT approx_set(x) AS s
          FROM (VALUES (1, 'a'), (1, 'b'), (2, 'b')) AS t(g, x) GROUP BY g)
        """,
        "2"
      ),
      FunctionExample(
        """
        SELECT cardinality(merge_set_digest(s))
        FROM (SELECT make_set_digest(x) AS s
          FROM (VALUES (1, 'a'), (1, 'b'), (2, 'b')) AS t(g, x) GROUP BY g)
        """,
        "2"
      ),
    ]
  }

  static let overloads =
    [
      merging("merge", .hyperLogLog, HyperLogLogSketch.self),
      merging("merge", .tDigest, TDigestSketch.self),
      merging("merge_set_digest", .setDigest, SetDigest.self),
    ]
    + [SQLType.bigint, .double, .real].map { type in
      merging("merge", .quantileDigest(type), QuantileDigest.self)
    }

  private static func merging<State: Sketch>(
    _ name: String,
    _ type: SQLType,
    _ state: State.Type
  ) -> AggregateOverload {
    AggregateOverload(
      FunctionSignature(
        name,
        kind: .aggregate,
        [.type(type)],
        returns: .type(type),
        summary: "Returns the sketch of the values of all sketches."
      )
    ) { _ throws(SQLError) in
      SketchAccumulator<State>(type) { (sketches, rows, vectors) throws(SQLError) in
        let texts = vectors[0].texts
        try rows.visit(nonNullsOf: vectors) { (group, row) throws(SQLError) in
          try sketches.merge(try State(bytes: texts.bytes(row)), into: group)
        }
      }
    }
  }
}
