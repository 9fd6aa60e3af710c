import ApusPlanner
import ApusValues
import ApusVectors

/// `intersection_cardinality(x, y)`, `jaccard_index(x, y)`: how many values two sets share, and which
/// part of all.
///
///     jaccard_index(make_set_digest(x), make_set_digest(y))
///       FROM (VALUES (1, 1), (NULL, 2), (2, 3), (NULL, 4)) AS t (x, y)  →  0.5
enum SetDigestSimilarity: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        """
        SELECT intersection_cardinality(make_set_digest(x), make_set_digest(y))
        FROM (VALUES (1, 2), (2, 3), (3, 4)) AS t(x, y)
        """,
        "2"
      ),
      FunctionExample(
        """
        SELECT jaccard_index(make_set_digest(x), make_set_digest(y))
        FROM (VALUES (1, 1), (NULL, 2), (2, 3), (NULL, 4)) AS t(x, y)
        """,
        "0.5"
      ),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .rows(
      FunctionSignature(
        "intersection_cardinality",
        [.type(.setDigest), .type(.setDigest)],
        returns: .type(.bigint),
        summary: "Returns the estimated number of values that two sets share."
      )
    ) { arguments in
      var left = SketchColumn<SetDigest>(arguments[0])
      var right = SketchColumn<SetDigest>(arguments[1])
      return { row throws(SQLError) -> Int64? in
        try left.sketch(row).intersectionCardinality(try right.sketch(row))
      }
    },
    .rows(
      FunctionSignature(
        "jaccard_index",
        [.type(.setDigest), .type(.setDigest)],
        returns: .type(.double),
        summary: "Returns the estimated part of the values of two sets that both have."
      )
    ) { arguments in
      var left = SketchColumn<SetDigest>(arguments[0])
      var right = SketchColumn<SetDigest>(arguments[1])
      return { row throws(SQLError) -> Double? in
        try left.sketch(row).jaccardIndex(try right.sketch(row))
      }
    },
  ]
}
