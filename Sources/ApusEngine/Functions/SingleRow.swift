import ApusPlanner
import ApusValues
import ApusVectors

/// `$single_row(n)`: TRUE if a scalar subquery has given n <= 1 rows, else its error.
///
/// The planner puts it where a subquery is joined to the query around it and each row has its own
/// answer; no statement can call it.
enum SingleRow: ScalarFunction {
  static let overloads: [ScalarOverload] = [
    .rows(
      FunctionSignature(
        "$single_row",
        [.type(.bigint)],
        returns: .type(.boolean),
        summary: "Checks that a scalar subquery has given one row at most."
      )
    ) { arguments in
      let counts = arguments[0].bigints
      return { row throws(SQLError) -> UInt8? in
        guard counts[row] <= 1 else {
          throw SQLError(
            .subqueryMultipleRows,
            "Scalar sub-query has returned multiple rows"
          )
        }
        return 1
      }
    }
  ]
}
