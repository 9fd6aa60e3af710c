import ApusPlanner
import ApusValues
import ApusVectors

/// `$instant(x)`: the point in time of a time or timestamp with time zone, as a time or timestamp of
/// UTC. The planner puts it where such values are compared; no statement can call it.
enum Instant: ScalarFunction {
  static let overloads: [ScalarOverload] = [
    FunctionSignature.Parameter.anyZonedTimestamp, .anyZonedTime,
  ].map { parameter in
    ScalarOverload(
      FunctionSignature(
        "$instant",
        [parameter],
        returns: .computed { $0[0].withoutZone },
        summary: "Returns the point in time of a time with time zone."
      )
    ) { call throws(SQLError) in
      let type = call.function.returnType
      return BatchEvaluator { arguments, rows, _ throws(SQLError) in
        type.physicalType == .int128
          ? mapUnary(arguments[0], to: type, rows: rows) { (packed: Int128) in packed >> 16 }
          : mapUnary(arguments[0], to: type, rows: rows) { (packed: Int128) in
            Int64(truncatingIfNeeded: floorDivide(packed >> 16, 1_000_000).quotient)
          }
      }
    }
  }
}
