import ApusPlanner
import ApusValues
import ApusVectors

/// `date_trunc(unit, x)` of dates, timestamps and times.
enum DateTrunc: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("date_trunc('month', DATE '2024-02-29')", "2024-02-01"),
      FunctionExample("date_trunc('week', DATE '2024-02-29')", "2024-02-26"),
      FunctionExample("date_trunc('hour', TIMESTAMP '2024-02-29 13:05:09')", "2024-02-29 13:00:00"),
    ]
  }

  static let overloads: [ScalarOverload] =
    [
      overload(.type(.date)),
      overload(.anyTimestamp),
      overload(.anyTime),
      zonedTimestamps,
      zonedTimes,
    ]

  private static func overload(_ parameter: FunctionSignature.Parameter) -> ScalarOverload {
    ScalarOverload(signature(parameter)) { call throws(SQLError) in
      let type = call.function.returnType
      let unitOf = try unitReader(call)
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let operands = [arguments[0], arguments[1]]
        let names = arguments[0].texts
        switch type.physicalType {
        case .int32:
          let days = arguments[1].operand(as: Int32.self)
          return mapRows(operands, to: type, rows: rows, range: range, errors: &errors) {
            (row: Int) throws(SQLError) -> Int32? in
            let unit = try unitOf(names, row)
            return Int32(truncatingIfNeeded: truncate(days: Int(days[row]), to: unit))
          }
        case .int128:
          let picoseconds = arguments[1].operand(as: Int128.self)
          return mapRows(operands, to: type, rows: rows, range: range, errors: &errors) {
            (row: Int) throws(SQLError) -> Int128? in
            let microseconds = Int64(
              truncatingIfNeeded: floorDivide(picoseconds[row], 1_000_000).quotient
            )
            return Int128(truncate(microseconds, to: try unitOf(names, row))) * 1_000_000
          }
        default:
          let microseconds = arguments[1].operand(as: Int64.self)
          return mapRows(operands, to: type, rows: rows, range: range, errors: &errors) {
            (row: Int) throws(SQLError) -> Int64? in
            truncate(microseconds[row], to: try unitOf(names, row))
          }
        }
      }
    }
  }

  private static func signature(_ parameter: FunctionSignature.Parameter) -> FunctionSignature {
    FunctionSignature(
      "date_trunc",
      [.anyVarchar, parameter],
      returns: .parameter(1),
      summary: """
        Returns the start of a time's millisecond, second, minute, hour, day, week (Monday), \
        month, quarter or year.
        """
    )
  }

  /// What the zone's clocks show is cut off. Parts of a day keep the offset that holds, so that an
  /// hour which clocks show twice stays the one it is.
  private static var zonedTimestamps: ScalarOverload {
    zoned(.anyZonedTimestamp) { time, unit, reader in
      let offset = reader.offset(of: time.zone, at: time.seconds)
      let local = floorDivide(time.local(&reader), 1_000_000).quotient
      let cut = Int128(truncate(Int64(truncatingIfNeeded: local), to: unit)) * 1_000_000
      if unit.isPartOfDay {
        let picoseconds = cut - Int128(offset) * ZonedTime.picosecondsPerSecond
        return ZonedTime(picoseconds: picoseconds, zone: time.zone)
      }
      return ZonedTime(local: cut, zone: time.zone, preferring: offset, &reader)
    }
  }

  private static var zonedTimes: ScalarOverload {
    zoned(.anyZonedTime) { time, unit, _ in
      let local = Int64(truncatingIfNeeded: time.timeOfDay / 1_000_000)
      return ZonedTime(
        timeOfDay: Int128(truncate(local, to: unit)) * 1_000_000,
        offsetMinutes: time.zone.offsetMinutes ?? 0,
        zone: time.zone
      )
    }
  }

  private static func zoned(
    _ parameter: FunctionSignature.Parameter,
    _ truncate: @escaping @Sendable (ZonedTime, TemporalUnit, inout TimeZoneReader) -> ZonedTime
  ) -> ScalarOverload {
    ScalarOverload(signature(parameter)) { call throws(SQLError) in
      let type = call.function.returnType
      let unitOf = try unitReader(call)
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let names = arguments[0].texts
        let times = arguments[1].operand(as: Int128.self)
        var reader = TimeZoneReader()
        return mapRows(arguments, to: type, rows: rows, range: range, errors: &errors) {
          (row: Int) throws(SQLError) -> Int128? in
          truncate(ZonedTime(packed: times[row]), try unitOf(names, row), &reader).packed
        }
      }
    }
  }

  private static func truncate(_ microseconds: Int64, to unit: TemporalUnit) -> Int64 {
    if let length = unit.microseconds, unit != .week {
      return microseconds &- floorDivide(microseconds, length).remainder
    }
    let day = floorDivide(microseconds, Timestamp.microsecondsPerDay).quotient
    return Int64(truncate(days: Int(day), to: unit)) &* Timestamp.microsecondsPerDay
  }

  private static func truncate(days: Int, to unit: TemporalUnit) -> Int {
    switch unit {
    case .millisecond, .second, .minute, .hour, .day: return days
    case .week: return days - dayOfWeek(daysSinceEpoch: days) + 1
    case .month, .quarter, .year:
      var date = CalendarDate(daysSinceEpoch: days)
      let months = unit.months ?? 1
      date.month = (date.month - 1) / months * months + 1
      date.day = 1
      return date.daysSinceEpoch
    }
  }
}

/// Returns what reads the unit of a row; a constant unit is read, and refused, right away.
func unitReader(_ call: ScalarCall) throws(SQLError)
  -> @Sendable (KernelOperand<StringView>, Int)
  throws(SQLError) -> TemporalUnit
{
  let kind = call.function.parameterTypes.last?.unitKind ?? "Timestamp"
  if case .text(let name)? = call.constants.first ?? nil {
    let unit = try TemporalUnit(name, of: kind)
    return { _, _ throws(SQLError) in unit }
  }
  return { names, row throws(SQLError) in try TemporalUnit(names[row].string, of: kind) }
}
