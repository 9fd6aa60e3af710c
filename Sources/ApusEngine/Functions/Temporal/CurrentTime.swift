import ApusPlanner
import ApusValues

/// `current_date`, and `now()`: when the query started, in the session's zone, which is UTC. What SQL
/// writes without parentheses (`current_timestamp(6)`, `localtime`) is bound to a cast of `$now`.
enum CurrentTime: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("now() = current_timestamp", "true")
    ]
  }

  static let overloads: [ScalarOverload] = [
    .constant(
      FunctionSignature(
        "current_date",
        [],
        returns: .type(.date),
        summary: "Returns the day on which the query started, in UTC."
      )
    ) { settings in
      .integer(floorDivide(settings.startMicroseconds, Timestamp.microsecondsPerDay).quotient)
    },
    .constant(
      FunctionSignature(
        "now",
        [],
        returns: .type(.timestampWithTimeZone(precision: 3)),
        summary: "Returns the time at which the query started, in UTC."
      )
    ) { settings in
      let milliseconds = floorDivide(settings.startMicroseconds + 500, 1000).quotient
      return .zoned(ZonedTime(picoseconds: Int128(milliseconds) * 1_000_000_000, zone: .utc))
    },
    .constant(
      FunctionSignature(
        "$now",
        [],
        returns: .type(.timestampWithTimeZone(precision: 6)),
        summary: "Returns the time at which the query started, as exactly as it is known."
      )
    ) { settings in
      .zoned(ZonedTime(picoseconds: Int128(settings.startMicroseconds) * 1_000_000, zone: .utc))
    },
  ]
}
