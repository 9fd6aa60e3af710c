import ApusPlanner
import ApusValues
import ApusVectors

/// `date_diff(unit, a, b)`: the whole units from `a` to `b`.
enum DateDiff: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("date_diff('day', DATE '2024-02-28', DATE '2024-03-01')", "2"),
      FunctionExample("date_diff('month', DATE '2024-01-31', DATE '2024-02-29')", "1"),
      FunctionExample(
        "date_diff('hour', TIMESTAMP '2024-01-01 10:59:00', TIMESTAMP '2024-01-01 09:00:00')",
        "-1"
      ),
    ]
  }

  static let overloads: [ScalarOverload] =
    [
      overload(.type(.date)),
      overload(.anyTimestamp),
      overload(.anyTime),
      zonedTimestamps,
      overload(.anyZonedTime),
    ]

  private static func overload(_ parameter: FunctionSignature.Parameter) -> ScalarOverload {
    ScalarOverload(signature(parameter)) { call throws(SQLError) in
      let unitOf = try unitReader(call)
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let names = arguments[0].texts
        if arguments[1].type.physicalType == .int32 {
          let start = arguments[1].operand(as: Int32.self)
          let end = arguments[2].operand(as: Int32.self)
          return mapRows(arguments, to: .bigint, rows: rows, range: range, errors: &errors) {
            (row: Int) throws(SQLError) -> Int64? in
            difference(days: Int64(start[row]), Int64(end[row]), try unitOf(names, row))
          }
        }
        let from = microseconds(arguments[1], rows).decoded
        let to = microseconds(arguments[2], rows).decoded
        defer { extendLifetime((from, to)) }
        let start = from.bigints
        let end = to.bigints
        return mapRows(
          [arguments[0], from, to],
          to: .bigint,
          rows: rows,
          range: range,
          errors: &errors
        ) { (row: Int) throws(SQLError) -> Int64? in
          difference(start[row], end[row], try unitOf(names, row))
        }
      }
    }
  }

  private static func signature(_ parameter: FunctionSignature.Parameter) -> FunctionSignature {
    .bigint(
      "date_diff",
      [.anyVarchar, parameter, parameter],
      "Returns how many whole units lead from the first to the second; negative if it is earlier."
    )
  }

  /// Units of a day or more go by the calendar of the first time's zone.
  private static var zonedTimestamps: ScalarOverload {
    ScalarOverload(signature(.anyZonedTimestamp)) { call throws(SQLError) in
      let unitOf = try unitReader(call)
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let names = arguments[0].texts
        let starts = arguments[1].operand(as: Int128.self)
        let ends = arguments[2].operand(as: Int128.self)
        var reader = TimeZoneReader()
        return mapRows(arguments, to: .bigint, rows: rows, range: range, errors: &errors) {
          (row: Int) throws(SQLError) -> Int64? in
          let start = ZonedTime(packed: starts[row])
          var end = ZonedTime(packed: ends[row])
          let unit = try unitOf(names, row)
          if unit.isPartOfDay {
            return difference(microseconds(start.picoseconds), microseconds(end.picoseconds), unit)
          }
          end.zone = start.zone
          return difference(
            microseconds(start.local(&reader)),
            microseconds(end.local(&reader)),
            unit
          )
        }
      }
    }
  }

  private static func microseconds(_ picoseconds: Int128) -> Int64 {
    Int64(truncatingIfNeeded: floorDivide(picoseconds, 1_000_000).quotient)
  }

  private static func microseconds(_ vector: ColumnVector, _ rows: Selection) -> ColumnVector {
    switch vector.type.physicalType {
    case _ where vector.type.isZoned:
      mapUnary(vector, to: .bigint, rows: rows) { (packed: Int128) in microseconds(packed >> 16) }
    case .int32:
      mapUnary(vector, to: .bigint, rows: rows) { (days: Int32) in
        Int64(days) &* Timestamp.microsecondsPerDay
      }
    case .int128:
      mapUnary(vector, to: .bigint, rows: rows) { (picoseconds: Int128) in
        microseconds(picoseconds)
      }
    default: vector
    }
  }

  private static func difference(days start: Int64, _ end: Int64, _ unit: TemporalUnit) -> Int64 {
    if let length = unit.microseconds {
      return (end - start) / (length / Timestamp.microsecondsPerDay)
    }
    let months =
      start <= end ? wholeMonths((start, 0), (end, 0)) : -wholeMonths((end, 0), (start, 0))
    return months / Int64(unit.months ?? 1)
  }

  private static func difference(_ start: Int64, _ end: Int64, _ unit: TemporalUnit) -> Int64 {
    if let length = unit.microseconds { return (end &- start) / length }
    let (startDay, startTime) = floorDivide(start, Timestamp.microsecondsPerDay)
    let (endDay, endTime) = floorDivide(end, Timestamp.microsecondsPerDay)
    let (first, last) = ((startDay, startTime), (endDay, endTime))
    let months = start <= end ? wholeMonths(first, last) : -wholeMonths(last, first)
    return months / Int64(unit.months ?? 1)
  }

  /// The most months that can be added to `start` without passing `end`; both are a day and the time
  /// since its begin.
  private static func wholeMonths(
    _ start: (day: Int64, time: Int64),
    _ end: (day: Int64, time: Int64)
  ) -> Int64 {
    let first = CalendarDate(daysSinceEpoch: Int(start.day))
    let last = CalendarDate(daysSinceEpoch: Int(end.day))
    let months = (last.year - first.year) * 12 + last.month - first.month
    // The day that the sum of so many months falls on, which a short month cuts off.
    let day = min(first.day, CalendarDate.daysInMonth(last.month, of: last.year))
    let isPast = day > last.day || (day == last.day && start.time > end.time)
    return Int64(isPast ? months - 1 : months)
  }
}
