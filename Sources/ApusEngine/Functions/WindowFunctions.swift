import ApusPlanner
import ApusValues

/// The signatures of the functions that the window operator computes itself, by name.
enum WindowFunctions {
  static let signatures: [FunctionSignature] = [
    ranking("row_number", .bigint, "Numbers the rows of a partition from 1."),
    ranking("rank", .bigint, "Ranks rows from 1; peers share a rank and leave a gap after it."),
    ranking("dense_rank", .bigint, "Ranks rows from 1; peers share a rank and leave no gap."),
    ranking("percent_rank", .double, "Returns (rank - 1) / (rows - 1)."),
    ranking("cume_dist", .double, "Returns the part of rows that are not after the current one."),
    window("ntile", [.type(.bigint)], .type(.bigint), "Divides a partition into n buckets."),
    window("lag", [.any], .parameter(0), "Returns the value of the row before."),
    window("lag", [.any, .type(.bigint)], .parameter(0), "Returns the value n rows before."),
    window(
      "lag",
      [.same(0), .type(.bigint), .same(0)],
      .parameter(0),
      "Returns the value n rows before, or a default where there is no such row."
    ),
    window("lead", [.any], .parameter(0), "Returns the value of the row after."),
    window("lead", [.any, .type(.bigint)], .parameter(0), "Returns the value n rows after."),
    window(
      "lead",
      [.same(0), .type(.bigint), .same(0)],
      .parameter(0),
      "Returns the value n rows after, or a default where there is no such row."
    ),
    window("first_value", [.any], .parameter(0), "Returns the first value of the frame."),
    window("last_value", [.any], .parameter(0), "Returns the last value of the frame."),
    window(
      "nth_value",
      [.any, .type(.bigint)],
      .parameter(0),
      "Returns the value of the frame's nth row, counted from 1."
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
