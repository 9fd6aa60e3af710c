import ApusPlanner
import ApusValues
import ApusVectors

/// `year(x)`, `month(x)`, `day(x)` and the other fields of dates and timestamps; `extract` is bound
/// to them.
enum DateFields: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("year(DATE '2024-02-29')", "2024"),
      FunctionExample("year(INTERVAL '14' MONTH)", "1"),
      FunctionExample("quarter(DATE '2024-02-29')", "1"),
      FunctionExample("month(DATE '2024-02-29')", "2"),
      FunctionExample("month(INTERVAL '14' MONTH)", "2"),
      FunctionExample("week(DATE '2024-12-30')", "1"),
      FunctionExample("week_of_year(DATE '2023-01-01')", "52"),
      FunctionExample("day(DATE '2024-02-29')", "29"),
      FunctionExample("day(INTERVAL '3' DAY)", "3"),
      FunctionExample("day_of_month(DATE '2024-02-29')", "29"),
      FunctionExample("day_of_week(DATE '2024-02-29')", "4"),
      FunctionExample("dow(DATE '2024-03-03')", "7"),
      FunctionExample("day_of_year(DATE '2024-12-31')", "366"),
      FunctionExample("doy(DATE '2024-02-01')", "32"),
      FunctionExample("year_of_week(DATE '2024-12-30')", "2025"),
      FunctionExample("yow(DATE '2023-01-01')", "2022"),
    ]
  }

  static let overloads: [ScalarOverload] =
    overloads(["year"], "year") { CalendarDate(daysSinceEpoch: $0).year }
    + overloads(["quarter"], "quarter of the year, 1 to 4") {
      (CalendarDate(daysSinceEpoch: $0).month + 2) / 3
    }
    + overloads(["month"], "month, 1 to 12") { CalendarDate(daysSinceEpoch: $0).month }
    + overloads(["week", "week_of_year"], "ISO week, 1 to 53") {
      isoWeek(daysSinceEpoch: $0).week
    }
    + overloads(["day", "day_of_month"], "day of the month, 1 to 31") {
      CalendarDate(daysSinceEpoch: $0).day
    }
    + overloads(["day_of_week", "dow"], "ISO day of the week, Monday 1 to Sunday 7") {
      dayOfWeek(daysSinceEpoch: $0)
    }
    + overloads(["day_of_year", "doy"], "day of the year, 1 to 366") {
      dayOfYear(daysSinceEpoch: $0)
    }
    + overloads(["year_of_week", "yow"], "year of the ISO week") {
      isoWeek(daysSinceEpoch: $0).year
    }
    + [
      .unary(
        .bigint("year", [.type(.intervalYearToMonth)], "Returns the years of an interval.")
      ) { (months: Int32) in Int64(months / 12) },
      .unary(
        .bigint("month", [.type(.intervalYearToMonth)], "Returns the months of an interval.")
      ) { (months: Int32) in Int64(months % 12) },
      .unary(.bigint("day", [.type(.intervalDayToSecond)], "Returns the days of an interval.")) {
        (milliseconds: Int64) in milliseconds / 86_400_000
      },
    ]

  private static func overloads(
    _ names: [String],
    _ what: String,
    _ field: @escaping @Sendable (Int) -> Int
  ) -> [ScalarOverload] {
    names.flatMap { name in
      let summary = "Returns the \(what)."
      let timestamps = ScalarOverload(.bigint(name, [.anyTimestamp], summary)) {
        call throws(SQLError) in
        let isWide = call.function.parameterTypes.first?.physicalType == .int128
        return BatchEvaluator { arguments, rows, _ throws(SQLError) in
          isWide
            ? mapUnary(arguments[0], to: .bigint, rows: rows) { (picoseconds: Int128) in
              Int64(field(Int(floorDivide(picoseconds, Timestamp.picosecondsPerDay).quotient)))
            }
            : mapUnary(arguments[0], to: .bigint, rows: rows) { (microseconds: Int64) in
              Int64(field(Int(floorDivide(microseconds, Timestamp.microsecondsPerDay).quotient)))
            }
        }
      }
      return [
        .unary(.bigint(name, [.type(.date)], summary)) { (days: Int32) in Int64(field(Int(days))) },
        timestamps,
        timestamps.ofLocalTime(at: 0, .anyZonedTimestamp),
      ]
    }
  }
}

/// Monday 1 to Sunday 7.
func dayOfWeek(daysSinceEpoch days: Int) -> Int {
  // 1970-01-01 was a Thursday.
  floorDivide(days + 3, 7).remainder + 1
}

/// 1 to 366.
func dayOfYear(daysSinceEpoch days: Int) -> Int {
  let year = CalendarDate(daysSinceEpoch: days).year
  return days - CalendarDate(year: year, month: 1, day: 1).daysSinceEpoch + 1
}

/// The ISO 8601 week with its year: the one that has the week's Thursday.
func isoWeek(daysSinceEpoch days: Int) -> (year: Int, week: Int) {
  let thursday = days - dayOfWeek(daysSinceEpoch: days) + 4
  let year = CalendarDate(daysSinceEpoch: thursday).year
  return (year, (dayOfYear(daysSinceEpoch: thursday) - 1) / 7 + 1)
}
