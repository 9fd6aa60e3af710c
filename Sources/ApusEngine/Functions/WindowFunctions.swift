import ApusPlanner
import ApusValues

/// The signatures of the functions that the window operator computes itself, by name.
enum WindowFunctions {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        """
        SELECT x, row_number() OVER (ORDER BY x)
        FROM (VALUES 30, 10, 20) AS t(x) ORDER BY x
        """,
        "10, 1; 20, 2; 30, 3"
      ),
      FunctionExample(
        """
        SELECT x, rank() OVER (ORDER BY x)
        FROM (VALUES 10, 20, 20, 30) AS t(x) ORDER BY x
        """,
        "10, 1; 20, 2; 20, 2; 30, 4"
      ),
      FunctionExample(
        """
        SELECT x, dense_rank() OVER (ORDER BY x)
        FROM (VALUES 10, 20, 20, 30) AS t(x) ORDER BY x
        """,
        "10, 1; 20, 2; 20, 2; 30, 3"
      ),
      FunctionExample(
        """
        SELECT x, percent_rank() OVER (ORDER BY x)
        FROM (VALUES 10, 20, 20) AS t(x) ORDER BY x
        """,
        "10, 0.0; 20, 0.5; 20, 0.5"
      ),
      FunctionExample(
        """
        SELECT x, cume_dist() OVER (ORDER BY x)
        FROM (VALUES 10, 20, 20, 30) AS t(x) ORDER BY x
        """,
        "10, 0.25; 20, 0.75; 20, 0.75; 30, 1.0"
      ),
      FunctionExample(
        """
        SELECT x, ntile(2) OVER (ORDER BY x)
        FROM (VALUES 1, 2, 3, 4, 5) AS t(x) ORDER BY x
        """,
        "1, 1; 2, 1; 3, 1; 4, 2; 5, 2"
      ),
      FunctionExample(
        """
        SELECT x, lag(x) OVER (ORDER BY x)
        FROM (VALUES 10, 20, 30) AS t(x) ORDER BY x
        """,
        "10, NULL; 20, 10; 30, 20"
      ),
      FunctionExample(
        """
        SELECT x, lag(x, 2, 0) OVER (ORDER BY x)
        FROM (VALUES 10, 20, 30) AS t(x) ORDER BY x
        """,
        "10, 0; 20, 0; 30, 10"
      ),
      FunctionExample(
        """
        SELECT x, lead(x) OVER (ORDER BY x)
        FROM (VALUES 10, 20, 30) AS t(x) ORDER BY x
        """,
        "10, 20; 20, 30; 30, NULL"
      ),
      FunctionExample(
        """
        SELECT x, first_value(x) OVER (ORDER BY x)
        FROM (VALUES 10, 20, 30) AS t(x) ORDER BY x
        """,
        "10, 10; 20, 10; 30, 10"
      ),
      FunctionExample(
        """
        SELECT x, first_value(y) IGNORE NULLS OVER (ORDER BY x)
        FROM (VALUES (1, NULL), (2, 7)) AS t(x, y) ORDER BY x
        """,
        "1, NULL; 2, 7"
      ),
      FunctionExample(
        """
        SELECT x, last_value(x) OVER (ORDER BY x)
        FROM (VALUES 10, 20, 30) AS t(x) ORDER BY x
        """,
        "10, 10; 20, 20; 30, 30"
      ),
      FunctionExample(
        """
        SELECT x, last_value(x) OVER (ORDER BY x ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)
        FROM (VALUES 10, 20, 30) AS t(x) ORDER BY x
        """,
        "10, 30; 20, 30; 30, 30"
      ),
      FunctionExample(
        """
        SELECT x, nth_value(x, 2) OVER (ORDER BY x)
        FROM (VALUES 10, 20, 30) AS t(x) ORDER BY x
        """,
        "10, NULL; 20, 20; 30, 20"
      ),
    ]
  }

  static let signatures: [FunctionSignature] = [
    ranking("row_number", .bigint, "Numbers the rows of a partition from 1."),
    ranking("rank", .bigint, "Ranks rows from 1; peers share a rank and leave a gap after it."),
    ranking("dense_rank", .bigint, "Ranks rows from 1; peers share a rank and leave no gap."),
    ranking("percent_rank", .double, "Returns (rank - 1) / (rows - 1); 0 for a single row."),
    ranking(
      "cume_dist",
      .double,
      """
      Returns the part of the rows that come before the current one or are its peers.
      """
    ),
    window(
      "ntile",
      [.type(.bigint)],
      .type(.bigint),
      """
      Divides a partition into n buckets of like size and returns the row's, from 1.
      """
    ),
    window(
      "lag",
      [.any],
      .parameter(0),
      """
      Returns the value of the row before; NULL for the first row.
      """
    ),
    window(
      "lag",
      [.any, .type(.bigint)],
      .parameter(0),
      """
      Returns the value n rows before; NULL where there is no such row.
      """
    ),
    window(
      "lag",
      [.same(0), .type(.bigint), .same(0)],
      .parameter(0),
      "Returns the value n rows before, or a default where there is no such row."
    ),
    window(
      "lead",
      [.any],
      .parameter(0),
      """
      Returns the value of the row after; NULL for the last row.
      """
    ),
    window(
      "lead",
      [.any, .type(.bigint)],
      .parameter(0),
      """
      Returns the value n rows after; NULL where there is no such row.
      """
    ),
    window(
      "lead",
      [.same(0), .type(.bigint), .same(0)],
      .parameter(0),
      "Returns the value n rows after, or a default where there is no such row."
    ),
    window("first_value", [.any], .parameter(0), "Returns the first value of the frame."),
    window(
      "last_value",
      [.any],
      .parameter(0),
      """
      Returns the last value of the frame, which by default ends with the current row's peers.
      """
    ),
    window(
      "nth_value",
      [.any, .type(.bigint)],
      .parameter(0),
      "Returns the value of the frame's nth row, counted from 1; NULL if there is none."
    ),
  ]

  private static func ranking(_ name: String, _ type: SQLType, _ summary: String)
    -> FunctionSignature
  {
    window(name, [], .type(type), summary)
  }

  private static func window(
    _ name: String,
    _ parameters: [FunctionSignature.Parameter],
    _ result: FunctionSignature.Result,
    _ summary: String
  ) -> FunctionSignature {
    FunctionSignature(name, kind: .window, parameters, returns: result, summary: summary)
  }
}
