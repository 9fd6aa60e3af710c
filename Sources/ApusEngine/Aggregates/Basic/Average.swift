import ApusPlanner
import ApusValues

/// `avg(x)`: integers and doubles give double, the others their own type.
enum Average: AggregateFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("SELECT avg(x) FROM (VALUES 1, 2, NULL) AS t(x)", "1.5"),
      FunctionExample("SELECT avg(x) FROM (VALUES DECIMAL '1.00', DECIMAL '2.01') AS t(x)", "1.51"),
    ]
  }

  static let overloads =
    [
      overload(.type(.tinyint), .type(.double)),
      overload(.type(.smallint), .type(.double)),
      overload(.type(.integer), .type(.double)),
      overload(.type(.bigint), .type(.double)),
      overload(.anyDecimal, .parameter(0)),
      overload(.type(.real), .type(.real)),
      overload(.type(.double), .type(.double)),
      overload(.type(.intervalDayToSecond), .parameter(0)),
      overload(.type(.intervalYearToMonth), .parameter(0)),
    ]

  private static func overload(
    _ parameter: FunctionSignature.Parameter,
    _ result: FunctionSignature.Result
  ) -> AggregateOverload {
    AggregateOverload(
      FunctionSignature(
        "avg",
        kind: .aggregate,
        [parameter],
        returns: result,
        summary: "Averages the values that are not NULL; NULL if there are none."
      )
    ) { function throws(SQLError) in try makeSumAccumulator(function, isAverage: true) }
  }
}
