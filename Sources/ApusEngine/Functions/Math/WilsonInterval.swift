import ApusPlanner
import ApusValues
import ApusVectors

/// `wilson_interval_lower(successes, trials, z)`, `wilson_interval_upper(successes, trials, z)`.
enum WilsonInterval: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("round(wilson_interval_lower(1250, 1310, 1.96), 4)", "0.9415"),
      FunctionExample("round(wilson_interval_upper(1250, 1310, 1.96), 4)", "0.9643"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    overload("lower", sign: -1),
    overload("upper", sign: 1),
  ]

  private static func overload(_ bound: String, sign: Double) -> ScalarOverload {
    .rows(
      FunctionSignature(
        "wilson_interval_\(bound)",
        [.type(.bigint), .type(.bigint), .type(.double)],
        returns: .type(.double),
        summary:
          "Returns the \(bound) bound of the Wilson score interval by successes, trials and z."
      )
    ) { arguments in
      let successes = arguments[0].bigints
      let trials = arguments[1].bigints
      let z = arguments[2].doubles
      return { row throws(SQLError) -> Double? in
        guard successes[row] >= 0 else {
          throw invalidArgument("number of successes must not be negative")
        }
        guard trials[row] > 0 else { throw invalidArgument("number of trials must be positive") }
        guard successes[row] <= trials[row] else {
          throw invalidArgument("number of successes must not be larger than number of trials")
        }
        guard z[row] >= 0 else { throw invalidArgument("z-score must not be negative") }
        return Self.bound(Double(successes[row]), Double(trials[row]), z[row], sign)
      }
    }
  }

  private static func bound(_ successes: Double, _ trials: Double, _ z: Double, _ sign: Double)
    -> Double
  {
    let share = successes / trials
    let square = z * z / trials
    let middle = share + square / 2
    let width = z * (share * (1 - share) / trials + square / (4 * trials)).squareRoot()
    return (middle + sign * width) / (1 + square)
  }
}
