import ApusPlanner
import ApusValues
import ApusVectors

/// `levenshtein_distance(a, b)`, `hamming_distance(a, b)`: in characters.
enum EditDistance: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("hamming_distance('karolin', 'kathrin')", "3"),
      FunctionExample("levenshtein_distance('kitten', 'sitting')", "3"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .rows(
      .bigint(
        "levenshtein_distance",
        [.anyVarchar, .anyVarchar],
        "Counts the insertions, deletions and substitutions between two texts."
      )
    ) { arguments in
      let left = arguments[0].texts
      let right = arguments[1].texts
      return { row throws(SQLError) -> Int64? in
        try levenshtein(scalars(left.bytes(row)), scalars(right.bytes(row)))
      }
    },
    .rows(
      .bigint(
        "hamming_distance",
        [.anyVarchar, .anyVarchar],
        "Counts the places where two texts of the same length differ."
      )
    ) { arguments in
      let left = arguments[0].texts
      let right = arguments[1].texts
      return { row throws(SQLError) -> Int64? in
        let a = scalars(left.bytes(row))
        let b = scalars(right.bytes(row))
        guard a.count == b.count else {
          throw invalidArgument(
            "The input strings to hamming_distance function must have the same length"
          )
        }
        return zip(a, b).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) }
      }
    },
  ]

  private static func levenshtein(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar])
    throws(SQLError) -> Int64
  {
    guard left.count * right.count <= 1_000_000 else {
      throw invalidArgument(
        "The combined inputs for Levenshtein distance are too large"
      )
    }
    if right.isEmpty { return Int64(left.count) }
    var distances = Array(0...right.count)
    for (row, scalar) in left.enumerated() {
      var diagonal = distances[0]
      distances[0] = row + 1
      for column in right.indices {
        let substitution = diagonal + (scalar == right[column] ? 0 : 1)
        diagonal = distances[column + 1]
        distances[column + 1] = min(substitution, diagonal + 1, distances[column] + 1)
      }
    }
    return Int64(distances[right.count])
  }
}
