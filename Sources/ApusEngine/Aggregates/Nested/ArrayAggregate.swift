import ApusPlanner
import ApusValues
import ApusVectors

/// `array_agg(x)`: all values of a group, NULLs included; NULL for no rows.
enum ArrayAggregate: AggregateFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        """
        SELECT array_agg(x ORDER BY x)
        FROM (VALUES 2, 1, NULL) AS t(x)
        """,
        "[1, 2, null]"
      )
    ]
  }

  static let overloads = [
    AggregateOverload(
      FunctionSignature(
        "array_agg",
        kind: .aggregate,
        [.same(0)],
        returns: .pattern(.array(.same(0))),
        summary: "Returns the array of all values, NULLs among them; NULL if there are no rows."
      ),
      isOrderSensitive: true
    ) { function throws(SQLError) in
      let type = function.returnType
      return ListAccumulator(function.parameterTypes, skipsNulls: false) {
        (lists, range) throws(SQLError) in
        let parts = try lists.elements(0, range)
        return .arrays(parts, type: type, validity: parts.nonEmpty)
      }
    }
  ]
}
