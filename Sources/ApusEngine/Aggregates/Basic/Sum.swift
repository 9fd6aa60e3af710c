import ApusPlanner
import ApusValues

/// `sum(x)`: integers give bigint, decimals decimal(38,s), the others their own type.
enum Sum: AggregateFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("SELECT sum(x) FROM (VALUES 1, 2, NULL) AS t(x)", "3"),
      FunctionExample("SELECT sum(x) FROM (VALUES 1) AS t(x) WHERE x > 5", "NULL"),
    ]
  }

  static let overloads =
    [
      overload(.type(.tinyint), .bigint),
      overload(.type(.smallint), .bigint),
      overload(.type(.integer), .bigint),
      overload(.type(.bigint), .bigint),
      AggregateOverload(
        signature(
          .anyDecimal,
          .computed { types in
            if case .decimal(_, let scale)? = types.first {
              .decimal(precision: 38, scale: scale)
            } else {
              .decimal(precision: 38, scale: 0)
            }
          }
        ),
        makeAccumulator: makeAccumulator
      ),
      overload(.type(.real), .real),
      overload(.type(.double), .double),
      overload(.type(.intervalDayToSecond), .intervalDayToSecond),
      overload(.type(.intervalYearToMonth), .intervalYearToMonth),
    ]

  private static func overload(_ parameter: FunctionSignature.Parameter, _ result: SQLType)
    -> AggregateOverload
  {
    AggregateOverload(signature(parameter, .type(result)), makeAccumulator: makeAccumulator)
  }

  private static func signature(
    _ parameter: FunctionSignature.Parameter,
    _ result: FunctionSignature.Result
  ) -> FunctionSignature {
    FunctionSignature(
      "sum",
      kind: .aggregate,
      [parameter],
      returns: result,
      summary: "Adds up the values that are not NULL; NULL if there are none."
    )
  }

  @Sendable
  private static func makeAccumulator(_ function: BoundFunction) throws(SQLError)
    -> any Accumulator
  {
    try makeSumAccumulator(function, isAverage: false)
  }
}

/// Makes the accumulator that sums or averages the argument of a function.
func makeSumAccumulator(_ function: BoundFunction, isAverage: Bool) throws(SQLError)
  -> any Accumulator
{
  let result = function.returnType
  guard let input = function.parameterTypes.first else {
    throw .internal("\(function.name) without an argument")
  }
  switch input.physicalType {
  case .int8, .int16, .int32, .int64, .int128:
    return IntegerSumAccumulator(input.physicalType, result: result, isAverage: isAverage)
  case .float32, .float64:
    return FloatingSumAccumulator(
      input.physicalType,
      isAverage ? .average : .sum,
      result: result
    )
  case .boolean, .string:
    throw .internal("\(function.name) of \(input)")
  }
}
