import ApusPlanner
import ApusValues
import ApusVectors

/// `quantile_at_value(digest, value)`: the part of all values that lies below one; NULL outside of them.
///
///     quantile_at_value(qdigest_agg(x), 2) FROM (VALUES 1, 2, 7, 9) AS t (x)  →  0.25
enum QuantileAtValue: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        """
        SELECT quantile_at_value(qdigest_agg(x), 3)
        FROM (VALUES 1, 2, 3, 4, 5) AS t(x)
        """,
        "0.4"
      )
    ]
  }

  static let overloads: [ScalarOverload] = [
    .rows(signature(.bigint)) { arguments in
      var column = SketchColumn<QuantileDigest>(arguments[0])
      let values = arguments[1].bigints
      return { row throws(SQLError) -> Double? in
        try column.sketch(row).quantile(of: values[row])
      }
    },
    .rows(signature(.double)) { arguments in
      var column = SketchColumn<QuantileDigest>(arguments[0])
      let values = arguments[1].doubles
      return { row throws(SQLError) -> Double? in
        try column.sketch(row).quantile(of: QuantileDigest.ordered(values[row]))
      }
    },
    .rows(signature(.real)) { arguments in
      var column = SketchColumn<QuantileDigest>(arguments[0])
      let values = arguments[1].operand(as: Float.self)
      return { row throws(SQLError) -> Double? in
        try column.sketch(row).quantile(of: QuantileDigest.ordered(values[row]))
      }
    },
  ]

  private static func signature(_ type: SQLType) -> FunctionSignature {
    FunctionSignature(
      "quantile_at_value",
      [.type(.quantileDigest(type)), .type(type)],
      returns: .type(.double),
      summary: """
        Returns the part (0 to 1) of all values that lies below one; NULL beyond the least and \
        greatest.
        """
    )
  }
}
