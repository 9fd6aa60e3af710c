import ApusPlanner
import ApusValues
import ApusVectors

/// `last_day_of_month(x)` of a date or timestamp.
enum LastDayOfMonth: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("last_day_of_month(DATE '2024-02-10')", "2024-02-29")
    ]
  }

  static let overloads: [ScalarOverload] = [
    .unary(signature(.type(.date))) { (days: Int32) in lastDay(Int64(days)) },
    timestamps,
    timestamps.ofLocalTime(at: 0, .anyZonedTimestamp),
  ]

  private static var timestamps: ScalarOverload {
    ScalarOverload(signature(.anyTimestamp)) { call throws(SQLError) in
      let isWide = call.function.parameterTypes.first?.physicalType == .int128
      return BatchEvaluator { arguments, rows, _ throws(SQLError) in
        isWide
          ? mapUnary(arguments[0], to: .date, rows: rows) { (picoseconds: Int128) in
            lastDay(
              Int64(
                truncatingIfNeeded: floorDivide(picoseconds, Timestamp.picosecondsPerDay).quotient
              )
            )
          }
          : mapUnary(arguments[0], to: .date, rows: rows) { (microseconds: Int64) in
            lastDay(floorDivide(microseconds, Timestamp.microsecondsPerDay).quotient)
          }
      }
    }
  }

  private static func signature(_ parameter: FunctionSignature.Parameter) -> FunctionSignature {
    FunctionSignature(
      "last_day_of_month",
      [parameter],
      returns: .type(.date),
      summary: "Returns the last day of the month."
    )
  }

  private static func lastDay(_ days: Int64) -> Int32 {
    let date = CalendarDate(daysSinceEpoch: Int(days))
    let last = Int64(CalendarDate.daysInMonth(date.month, of: date.year))
    return Int32(truncatingIfNeeded: days &+ last &- Int64(date.day))
  }
}
