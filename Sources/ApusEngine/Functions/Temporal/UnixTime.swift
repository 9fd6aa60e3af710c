import ApusPlanner
import ApusValues
import ApusVectors

/// `to_unixtime(x)`: seconds since 1970 UTC; `from_unixtime(seconds[, zone])`,
/// `from_unixtime(seconds, hours, minutes)` and `from_unixtime_nanos(nanoseconds)`.
enum UnixTime: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("from_unixtime(1709211909)", "2024-02-29 13:05:09.000 UTC"),
      FunctionExample("from_unixtime(1709211909, 5, 30)", "2024-02-29 18:35:09.000 +05:30"),
      FunctionExample(
        "from_unixtime(1709211909, 'Europe/Zurich')",
        "2024-02-29 14:05:09.000 Europe/Zurich"
      ),
      FunctionExample(
        "from_unixtime_nanos(1709211909123456789)",
        "2024-02-29 13:05:09.123456789 UTC"
      ),
      FunctionExample("to_unixtime(TIMESTAMP '2024-02-29 13:05:09')", "1.709211909E9"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    ScalarOverload(toSignature(.anyTimestamp)) { call throws(SQLError) in
      let isWide = call.function.parameterTypes.first?.physicalType == .int128
      return BatchEvaluator { arguments, rows, _ throws(SQLError) in
        isWide
          ? mapUnary(arguments[0], to: .double, rows: rows) { (picoseconds: Int128) in
            let (microseconds, rest) = floorDivide(picoseconds, 1_000_000)
            return Double(microseconds) / 1e6 + Double(rest) / 1e12
          }
          : mapUnary(arguments[0], to: .double, rows: rows) { (microseconds: Int64) in
            Double(microseconds) / 1e6
          }
      }
    },
    // In whole milliseconds first, for picoseconds have more digits than a double.
    .unary(toSignature(.anyZonedTimestamp)) { (packed: Int128) in
      let (milliseconds, rest) = floorDivide(packed >> 16, 1_000_000_000)
      return Double(milliseconds) / 1e3 + Double(rest) / 1e12
    },
    .rows(fromSignature([.type(.double)])) { arguments in
      let seconds = arguments[0].doubles
      return { row throws(SQLError) -> Int128? in time(seconds[row], .utc).packed }
    },
    ScalarOverload(fromSignature([.type(.double), .anyVarchar])) { call throws(SQLError) in
      let type = call.function.returnType
      let zoneOf = zoneReader(call, at: 1)
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let seconds = arguments[0].doubles
        let names = arguments[1].texts
        return mapRows(arguments, to: type, rows: rows, range: range, errors: &errors) {
          (row: Int) throws(SQLError) -> Int128? in
          time(seconds[row], try zoneOf(names, row)).packed
        }
      }
    },
    .rows(fromSignature([.type(.double), .type(.bigint), .type(.bigint)])) { arguments in
      let seconds = arguments[0].doubles
      let hours = arguments[1].bigints
      let minutes = arguments[2].bigints
      return { row throws(SQLError) -> Int128? in
        let (whole, overflow) = hours[row].multipliedReportingOverflow(by: 60)
        let (offset, overflowOfSum) = whole.addingReportingOverflow(minutes[row])
        if overflow || overflowOfSum { throw invalidArgument("Invalid offset minutes") }
        return time(seconds[row], try fixedZone(minutes: offset)).packed
      }
    },
    .unary(nanosSignature(.type(.bigint))) { (nanoseconds: Int64) in
      ZonedTime(picoseconds: Int128(widening: nanoseconds) &* 1000, zone: .utc).packed
    },
    ScalarOverload(nanosSignature(.anyDecimal)) { call throws(SQLError) in
      guard case .decimal(_, let scale)? = call.function.parameterTypes.first else {
        throw .internal("from_unixtime_nanos of no decimal")
      }
      let type = call.function.returnType
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let wide = arguments[0].widenedDecimal(rows).decoded
        defer { extendLifetime(wide) }
        let values = wide.operand(as: Int128.self)
        return mapRows([wide], to: type, rows: rows, range: range, errors: &errors) {
          (row: Int) throws(SQLError) -> Int128? in
          let nanoseconds = Decimal.divideRounding(values[row], by: PowersOfTen.wide[scale])
          // What 64 bits of seconds cannot hold is no time.
          guard
            let nanoseconds = Int64(exactly: nanoseconds / 1_000_000_000).map({ _ in nanoseconds })
          else {
            throw SQLError(
              .numericValueOutOfRange,
              "from_unixtime_nanos leaves the range of its type"
            )
          }
          return ZonedTime(picoseconds: nanoseconds * 1000, zone: .utc).packed
        }
      }
    },
  ]

  private static func toSignature(_ parameter: FunctionSignature.Parameter) -> FunctionSignature {
    FunctionSignature(
      "to_unixtime",
      [parameter],
      returns: .type(.double),
      summary: "Returns the seconds from 1970-01-01 to a timestamp."
    )
  }

  private static func fromSignature(_ parameters: [FunctionSignature.Parameter])
    -> FunctionSignature
  {
    FunctionSignature(
      "from_unixtime",
      parameters,
      returns: .type(.timestampWithTimeZone(precision: 3)),
      summary: "Returns the time so many seconds after 1970-01-01 UTC, in UTC or a zone."
    )
  }

  private static func nanosSignature(_ parameter: FunctionSignature.Parameter)
    -> FunctionSignature
  {
    FunctionSignature(
      "from_unixtime_nanos",
      [parameter],
      returns: .type(.timestampWithTimeZone(precision: 9)),
      summary: "Returns the time so many nanoseconds after 1970-01-01 UTC."
    )
  }

  /// Rounds to milliseconds as Java does: halves up, NaN to 0, and what is too large to the end of
  /// 64 bits.
  private static func time(_ seconds: Double, _ zone: TimeZoneKey) -> ZonedTime {
    let rounded = (seconds * 1000 + 0.5).rounded(.down)
    let milliseconds =
      rounded.isNaN ? 0 : Int64(exactly: rounded) ?? (rounded < 0 ? Int64.min : Int64.max)
    return ZonedTime(picoseconds: Int128(milliseconds) * 1_000_000_000, zone: zone)
  }
}
