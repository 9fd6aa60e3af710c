import ApusPlanner
import ApusValues

/// `current_date`, `localtimestamp`, `localtime`: when the query started, in UTC. What SQL writes
/// without parentheses is bound to a call without arguments.
enum CurrentTime: ScalarFunction {
  static let overloads: [ScalarOverload] = [
    .constant(
      FunctionSignature(
        "current_date",
        [],
        returns: .type(.date),
        summary: "Returns the day on which the query started."
      )
    ) { settings in
      .integer(floorDivide(settings.startMicroseconds, Timestamp.microsecondsPerDay).quotient)
    },
    .constant(
      FunctionSignature(
        "localtimestamp",
        [],
        returns: .type(.timestamp(precision: 3)),
        summary: "Returns the time at which the query started."
      )
    ) { settings in
      .integer(settings.startMicroseconds - floorDivide(settings.startMicroseconds, 1000).remainder)
    },
    .constant(
      FunctionSignature(
        "localtime",
        [],
        returns: .type(.time(precision: 3)),
        summary: "Returns the time of day at which the query started."
      )
    ) { settings in
      let time = floorDivide(settings.startMicroseconds, Timestamp.microsecondsPerDay).remainder
      return .integer(time - time % 1000)
    },
  ]
}
