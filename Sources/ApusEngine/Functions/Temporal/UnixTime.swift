import ApusPlanner
import ApusValues
import ApusVectors

/// `to_unixtime(timestamp)`: seconds since 1970 UTC.
enum UnixTime: ScalarFunction {
  static let overloads: [ScalarOverload] = [
    ScalarOverload(
      FunctionSignature(
        "to_unixtime",
        [.anyTimestamp],
        returns: .type(.double),
        summary: "Returns the seconds from 1970-01-01 to a timestamp."
      )
    ) { call throws(SQLError) in
      let isWide = call.function.parameterTypes.first?.physicalType == .int128
      return BatchEvaluator { arguments, rows, _ throws(SQLError) in
        isWide
          ? mapUnary(arguments[0], to: .double, rows: rows) { (picoseconds: Int128) in
            Double(picoseconds) / 1e12
          }
          : mapUnary(arguments[0], to: .double, rows: rows) { (microseconds: Int64) in
            Double(microseconds) / 1e6
          }
      }
    }
  ]
}
