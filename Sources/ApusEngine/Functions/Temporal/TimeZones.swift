import ApusPlanner
import ApusValues
import ApusVectors

/// `at_timezone(x, zone)`, to which AT TIME ZONE is bound, `with_timezone(x, zone)`, `timezone(x)`,
/// `timezone_hour(x)` and `timezone_minute(x)`.
enum TimeZones: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("timezone_hour(TIMESTAMP '2024-02-29 13:05:09 +05:30')", "5"),
      FunctionExample("timezone_minute(TIMESTAMP '2024-02-29 13:05:09 +05:30')", "30"),
      FunctionExample(
        "at_timezone(TIMESTAMP '2024-07-01 12:00:00 UTC', 'America/New_York')",
        "2024-07-01 08:00:00 America/New_York"
      ),
      FunctionExample(
        "with_timezone(TIMESTAMP '2024-07-01 12:00:00', 'America/New_York')",
        "2024-07-01 12:00:00 America/New_York"
      ),
      FunctionExample("timezone(TIMESTAMP '2024-07-01 12:00:00 Europe/Zurich')", "Europe/Zurich"),
    ]
  }

  static let overloads: [ScalarOverload] =
    [
      atZone(.anyZonedTimestamp),
      atZone(.anyZonedTime),
      atOffset(.anyZonedTimestamp),
      atOffset(.anyZonedTime),
      withZone,
      zoneName(.anyZonedTimestamp),
      zoneName(.anyZonedTime),
    ]
    + offsets("timezone_hour", "Returns the hours of the offset from UTC.") { $0 / 60 }
    + offsets("timezone_minute", "Returns the minutes of the offset from UTC.") { $0 % 60 }

  private static func signature(
    _ name: String,
    _ parameter: FunctionSignature.Parameter,
    _ zone: FunctionSignature.Parameter
  ) -> FunctionSignature {
    FunctionSignature(
      name,
      [parameter, zone],
      returns: .parameter(0),
      summary: "Returns the same point in time in another zone."
    )
  }

  private static func atZone(_ parameter: FunctionSignature.Parameter) -> ScalarOverload {
    ScalarOverload(signature("at_timezone", parameter, .anyVarchar)) { call throws(SQLError) in
      let type = call.function.returnType
      let zoneOf = zoneReader(call, at: 1)
      let range = call.range
      let start = floorDivide(call.settings.startMicroseconds, 1_000_000).quotient
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let times = arguments[0].operand(as: Int128.self)
        let names = arguments[1].texts
        var reader = TimeZoneReader()
        return mapRows(arguments, to: type, rows: rows, range: range, errors: &errors) {
          (row: Int) throws(SQLError) -> Int128? in
          var time = ZonedTime(packed: times[row])
          time.zone = try zoneOf(names, row)
          // A time without a day takes the offset that the zone has while the query runs.
          if parameter == .anyZonedTime, time.zone.offsetMinutes == nil {
            let minutes = Int(reader.offset(of: time.zone, at: start) / 60)
            time.zone = TimeZoneKey(offsetMinutes: minutes) ?? .utc
          }
          return time.packed
        }
      }
    }
  }

  private static func atOffset(_ parameter: FunctionSignature.Parameter) -> ScalarOverload {
    ScalarOverload(signature("at_timezone", parameter, .type(.intervalDayToSecond))) {
      call throws(SQLError) in
      let type = call.function.returnType
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let times = arguments[0].operand(as: Int128.self)
        let offsets = arguments[1].bigints
        return mapRows(arguments, to: type, rows: rows, range: range, errors: &errors) {
          (row: Int) throws(SQLError) -> Int128? in
          let milliseconds = offsets[row]
          guard milliseconds % 60_000 == 0 else {
            throw invalidArgument("Invalid time zone offset interval: interval contains seconds")
          }
          var time = ZonedTime(packed: times[row])
          time.zone = try fixedZone(minutes: milliseconds / 60_000)
          return time.packed
        }
      }
    }
  }

  private static var withZone: ScalarOverload {
    ScalarOverload(
      FunctionSignature(
        "with_timezone",
        [.anyTimestamp, .anyVarchar],
        returns: .computed { types in
          guard case .timestamp(let precision) = types[0] else { return types[0] }
          return .timestampWithTimeZone(precision: precision)
        },
        summary: "Returns the point in time at which a zone's clocks show a timestamp."
      )
    ) { call throws(SQLError) in
      let type = call.function.returnType
      let zoneOf = zoneReader(call, at: 1)
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let wide = arguments[0].picoseconds(rows)
        defer { extendLifetime(wide) }
        let times = wide.operand(as: Int128.self)
        let names = arguments[1].texts
        var reader = TimeZoneReader()
        let operands = [wide, arguments[1]]
        return mapRows(operands, to: type, rows: rows, range: range, errors: &errors) {
          (row: Int) throws(SQLError) -> Int128? in
          ZonedTime(local: times[row], zone: try zoneOf(names, row), &reader).packed
        }
      }
    }
  }

  private static func zoneName(_ parameter: FunctionSignature.Parameter) -> ScalarOverload {
    .text(.text("timezone", [parameter], "Returns the name of the time zone.")) { arguments in
      let times = arguments[0].operand(as: Int128.self)
      return { row, heap throws(SQLError) -> StringView? in
        let zone = ZonedTime(packed: times[row]).zone
        return heap.store(
          parameter == .anyZonedTime
            ? TimeZoneKey.offsetText(zone.offsetMinutes ?? 0) : zone.name
        )
      }
    }
  }

  private static func offsets(
    _ name: String,
    _ summary: String,
    _ part: @escaping @Sendable (Int64) -> Int64
  ) -> [ScalarOverload] {
    [FunctionSignature.Parameter.anyZonedTimestamp, .anyZonedTime].map { parameter in
      ScalarOverload(.bigint(name, [parameter], summary)) { _ throws(SQLError) in
        BatchEvaluator { arguments, rows, _ throws(SQLError) in
          var reader = TimeZoneReader()
          return mapUnary(arguments[0], to: .bigint, rows: rows) { (packed: Int128) in
            let time = ZonedTime(packed: packed)
            return part(reader.offset(of: time.zone, at: time.seconds) / 60)
          }
        }
      }
    }
  }
}

/// The zone of a fixed offset.
///
/// - Throws: INVALID_FUNCTION_ARGUMENT beyond 14 hours.
func fixedZone(minutes: Int64) throws(SQLError) -> TimeZoneKey {
  guard let minutes = Int(exactly: minutes), let zone = TimeZoneKey(offsetMinutes: minutes) else {
    throw invalidArgument("Invalid offset minutes \(minutes)")
  }
  return zone
}

extension ColumnVector {
  /// Timestamps without a zone as microseconds.
  func microseconds(_ rows: Selection) -> ColumnVector {
    if type.physicalType == .int64 { return self }
    return mapUnary(self, to: .timestamp(precision: 6), rows: rows) { (picoseconds: Int128) in
      Int64(truncatingIfNeeded: floorDivide(picoseconds, 1_000_000).quotient)
    }
  }

  /// Timestamps or times as picoseconds.
  func picoseconds(_ rows: Selection) -> ColumnVector {
    if type.physicalType == .int128 { return self }
    return mapUnary(self, to: .timestamp(precision: 12), rows: rows) { (microseconds: Int64) in
      Int128(widening: microseconds) &* Timestamp.picosecondsPerMicrosecond
    }
  }
}
