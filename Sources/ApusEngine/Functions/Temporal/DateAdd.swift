import ApusPlanner
import ApusValues
import ApusVectors

/// `date_add(unit, n, x)` of dates, timestamps and times.
enum DateAdd: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("date_add('day', 1, DATE '2024-02-28')", "2024-02-29"),
      FunctionExample("date_add('month', 1, DATE '2024-01-31')", "2024-02-29"),
      FunctionExample(
        "date_add('hour', -2, TIMESTAMP '2024-03-01 01:00:00')",
        "2024-02-29 23:00:00.000"
      ),
    ]
  }

  static let overloads: [ScalarOverload] =
    [
      overload(.type(.date), .parameter(2)),
      overload(
        .anyTimestamp,
        .computed { types in
          guard case .timestamp(let precision) = types[2] else { return types[2] }
          return .timestamp(precision: max(precision, 3))
        }
      ),
      overload(.anyTime, .parameter(2)),
      zonedTimestamps,
      zonedTimes,
    ]

  private static func overload(
    _ parameter: FunctionSignature.Parameter,
    _ result: FunctionSignature.Result
  ) -> ScalarOverload {
    ScalarOverload(signature(parameter, result)) { call throws(SQLError) in
      let type = call.function.returnType
      let unitOf = try unitReader(call)
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let names = arguments[0].texts
        let counts = arguments[1].bigints
        switch type.physicalType {
        case .int32:
          let days = arguments[2].operand(as: Int32.self)
          return mapRows(arguments, to: type, rows: rows, range: range, errors: &errors) {
            (row: Int) throws(SQLError) -> Int32? in
            try add(counts[row], try unitOf(names, row), toDays: days[row])
          }
        case .int128:
          let picoseconds = arguments[2].operand(as: Int128.self)
          return mapRows(arguments, to: type, rows: rows, range: range, errors: &errors) {
            (row: Int) throws(SQLError) -> Int128? in
            let (microseconds, rest) = floorDivide(picoseconds[row], 1_000_000)
            guard let start = Int64(exactly: microseconds) else { throw outOfRange }
            let sum = Int128(try add(counts[row], try unitOf(names, row), to: start)) * 1_000_000
            return type.isTime
              ? floorDivide(sum + rest, Timestamp.picosecondsPerDay).remainder : sum + rest
          }
        default:
          let microseconds = arguments[2].operand(as: Int64.self)
          return mapRows(arguments, to: type, rows: rows, range: range, errors: &errors) {
            (row: Int) throws(SQLError) -> Int64? in
            let sum = try add(counts[row], try unitOf(names, row), to: microseconds[row])
            return type.isTime ? floorDivide(sum, Timestamp.microsecondsPerDay).remainder : sum
          }
        }
      }
    }
  }

  /// Units of a day or more go by the calendar of the zone, shorter ones by the point in time.
  private static var zonedTimestamps: ScalarOverload {
    ScalarOverload(signature(.anyZonedTimestamp, .parameter(2))) { call throws(SQLError) in
      let type = call.function.returnType
      let unitOf = try unitReader(call)
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let names = arguments[0].texts
        let counts = arguments[1].bigints
        let times = arguments[2].operand(as: Int128.self)
        var reader = TimeZoneReader()
        return mapRows(arguments, to: type, rows: rows, range: range, errors: &errors) {
          (row: Int) throws(SQLError) -> Int128? in
          var time = ZonedTime(packed: times[row])
          let unit = try unitOf(names, row)
          if let length = unit.microseconds, unit.isPartOfDay {
            time.picoseconds += Int128(counts[row]) * Int128(length) * 1_000_000
            guard time.isInRange else { throw outOfRange }
            return time.packed
          }
          let offset = reader.offset(of: time.zone, at: time.seconds)
          let (local, rest) = floorDivide(time.local(&reader), 1_000_000)
          guard let start = Int64(exactly: local) else { throw outOfRange }
          let sum = try add(counts[row], unit, to: start)
          return ZonedTime(
            local: Int128(sum) * 1_000_000 + rest,
            zone: time.zone,
            preferring: offset,
            &reader
          ).packed
        }
      }
    }
  }

  private static var zonedTimes: ScalarOverload {
    ScalarOverload(signature(.anyZonedTime, .parameter(2))) { call throws(SQLError) in
      let type = call.function.returnType
      let unitOf = try unitReader(call)
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let names = arguments[0].texts
        let counts = arguments[1].bigints
        let times = arguments[2].operand(as: Int128.self)
        return mapRows(arguments, to: type, rows: rows, range: range, errors: &errors) {
          (row: Int) throws(SQLError) -> Int128? in
          var time = ZonedTime(packed: times[row])
          let length = Int128(try unitOf(names, row).microseconds ?? 0) * 1_000_000
          let sum = time.picoseconds + Int128(counts[row]) * length
          time.picoseconds = floorDivide(sum, Timestamp.picosecondsPerDay).remainder
          return time.packed
        }
      }
    }
  }

  private static func signature(
    _ parameter: FunctionSignature.Parameter,
    _ result: FunctionSignature.Result
  ) -> FunctionSignature {
    FunctionSignature(
      "date_add",
      [.anyVarchar, .type(.bigint), parameter],
      returns: result,
      summary: "Adds so many units, from millisecond to year, to a date or time."
    )
  }

  private static var outOfRange: SQLError {
    SQLError(.numericValueOutOfRange, "date_add leaves the range of its type")
  }

  private static func add(_ count: Int64, _ unit: TemporalUnit, toDays start: Int32)
    throws(SQLError) -> Int32
  {
    var sum: Int32?
    if let length = unit.microseconds {
      let days = length / Timestamp.microsecondsPerDay
      let (distance, overflow) = count.multipliedReportingOverflow(by: days)
      if !overflow, distance.magnitude < 1 << 33 { sum = Int32(exactly: Int64(start) + distance) }
    } else {
      let (months, overflow) = count.multipliedReportingOverflow(by: Int64(unit.months ?? 1))
      if !overflow, months.magnitude < 1 << 32 {
        let date = CalendarDate(daysSinceEpoch: Int(start)).addingMonths(Int(months))
        sum = Int32(exactly: date.daysSinceEpoch)
      }
    }
    guard let sum else { throw outOfRange }
    return sum
  }

  private static func add(_ count: Int64, _ unit: TemporalUnit, to start: Int64) throws(SQLError)
    -> Int64
  {
    if let length = unit.microseconds {
      let (distance, overflow) = count.multipliedReportingOverflow(by: length)
      let (sum, sumOverflow) = start.addingReportingOverflow(distance)
      if overflow || sumOverflow { throw outOfRange }
      return sum
    }
    let (months, overflow) = count.multipliedReportingOverflow(by: Int64(unit.months ?? 1))
    guard !overflow, months.magnitude < 1 << 32,
      let sum = addMonths(Int(months), toMicroseconds: start)
    else { throw outOfRange }
    return sum
  }
}
