import ApusPlanner
import ApusValues
import ApusVectors

/// `hour(x)`, `minute(x)`, `second(x)`, `millisecond(x)` of timestamps, times and intervals.
enum TimeFields: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("hour(TIMESTAMP '2024-02-29 13:05:09')", "13"),
      FunctionExample("hour(INTERVAL '26' HOUR)", "2"),
      FunctionExample("minute(TIME '13:05:09')", "5"),
      FunctionExample("second(TIMESTAMP '2024-02-29 13:05:09.75')", "9"),
      FunctionExample("second(INTERVAL '90' SECOND)", "30"),
      FunctionExample("millisecond(TIMESTAMP '2024-02-29 13:05:09.75')", "750"),
    ]
  }

  static let overloads: [ScalarOverload] =
    overloads("hour", unit: 3_600_000_000, count: 24, "hour, 0 to 23")
    + overloads("minute", unit: 60_000_000, count: 60, "minute, 0 to 59")
    + overloads("second", unit: 1_000_000, count: 60, "second, 0 to 59")
    + overloads("millisecond", unit: 1000, count: 1000, "millisecond, 0 to 999")

  /// - Parameters:
  ///   - unit: microseconds.
  ///   - count: how many units make the next larger one.
  private static func overloads(_ name: String, unit: Int64, count: Int64, _ what: String)
    -> [ScalarOverload]
  {
    let summary = "Returns the \(what)."
    let field: @Sendable (Int64) -> Int64 = { microseconds in
      floorDivide(floorDivide(microseconds, unit).quotient, count).remainder
    }
    func overload(_ parameter: FunctionSignature.Parameter) -> ScalarOverload {
      ScalarOverload(.bigint(name, [parameter], summary)) { call throws(SQLError) in
        let isWide = call.function.parameterTypes.first?.physicalType == .int128
        return BatchEvaluator { arguments, rows, _ throws(SQLError) in
          isWide
            ? mapUnary(arguments[0], to: .bigint, rows: rows) { (picoseconds: Int128) in
              field(Int64(truncatingIfNeeded: floorDivide(picoseconds, 1_000_000).quotient))
            }
            : mapUnary(arguments[0], to: .bigint, rows: rows) { (microseconds: Int64) in
              field(microseconds)
            }
        }
      }
    }
    let timestamps = overload(.anyTimestamp)
    let times = overload(.anyTime)
    return [
      timestamps,
      times,
      timestamps.ofLocalTime(at: 0, .anyZonedTimestamp),
      times.ofLocalTime(at: 0, .anyZonedTime),
      // The parts of a negative interval are negative.
      .unary(.bigint(name, [.type(.intervalDayToSecond)], summary)) { (milliseconds: Int64) in
        milliseconds / (unit / 1000) % count
      },
    ]
  }
}
