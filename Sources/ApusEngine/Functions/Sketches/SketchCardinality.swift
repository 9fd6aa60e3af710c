import ApusPlanner
import ApusValues
import ApusVectors

/// `cardinality(sketch)`: the estimated number of different values in a HyperLogLog or SetDigest.
///
///     cardinality(approx_set(x)) FROM (VALUES 'a', 'b', 'a') AS t (x)  →  2
enum SketchCardinality: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("SELECT cardinality(approx_set(x)) FROM (VALUES 1, 2, 2) AS t(x)", "2"),
      FunctionExample(
        """
        SELECT cardinality(make_set_digest(x))
        FROM (VALUES 'a', 'a', 'b') AS t(x)
        """,
        "2"
      ),
    ]
  }

  static let overloads = [
    overload(.hyperLogLog) { (sketch: HyperLogLogSketch) in sketch.cardinality },
    overload(.setDigest) { (digest: SetDigest) in digest.cardinality },
  ]

  private static func overload<State: Sketch>(
    _ type: SQLType,
    _ cardinality: @escaping @Sendable (State) -> Int64
  ) -> ScalarOverload {
    .rows(
      FunctionSignature(
        "cardinality",
        [.type(type)],
        returns: .type(.bigint),
        summary: "Returns the estimated number of different values."
      )
    ) { arguments in
      var column = SketchColumn<State>(arguments[0])
      return { row throws(SQLError) -> Int64? in cardinality(try column.sketch(row)) }
    }
  }
}

/// `empty_approx_set()`: the HyperLogLog of no values.
///
///     cardinality(empty_approx_set())  →  0
enum EmptyApproximateSet: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("cardinality(empty_approx_set())", "0")
    ]
  }

  static let overloads: [ScalarOverload] = [
    .constant(
      FunctionSignature(
        "empty_approx_set",
        [],
        returns: .type(.hyperLogLog),
        summary: "Returns the HyperLogLog of no values."
      )
    ) { _ in .binary(HyperLogLogSketch().serialized()) }
  ]
}
