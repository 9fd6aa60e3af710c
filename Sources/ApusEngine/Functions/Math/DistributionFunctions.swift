import ApusPlanner
import ApusValues
import ApusVectors

/// `normal_cdf(mean, sd, v)`, `inverse_normal_cdf(mean, sd, p)`, `beta_cdf(a, b, v)`,
/// `inverse_beta_cdf(a, b, p)`, `t_cdf(x, df)`, `t_pdf(x, df)`.
enum DistributionFunctions: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("round(normal_cdf(0, 1, 1.96), 4)", "0.975"),
      FunctionExample("round(inverse_normal_cdf(0, 1, 0.975), 4)", "1.96"),
      FunctionExample("round(beta_cdf(2, 3, 0.5), 4)", "0.6875"),
      FunctionExample("round(inverse_beta_cdf(2, 3, 0.6875), 4)", "0.5"),
      FunctionExample("round(t_cdf(2, 5), 4)", "0.949"),
      FunctionExample("round(t_pdf(0, 5), 4)", "0.3796"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    overload(
      "normal_cdf",
      3,
      """
      Returns how likely a normal variable (mean, deviation) is at most v.
      """
    ) {
      values throws(SQLError) in
      try require(values[1] > 0, "standardDeviation must be > 0")
      return Distributions.normalCumulative((values[2] - values[0]) / values[1])
    },
    overload(
      "inverse_normal_cdf",
      3,
      """
      Returns the value that a normal variable (mean, deviation) is at most with probability p.
      """
    ) {
      values throws(SQLError) in
      try require(values[2] > 0 && values[2] < 1, "p must be 0 > p > 1")
      try require(values[1] > 0, "sd must be > 0")
      return values[0] + values[1] * Distributions.normalQuantile(values[2])
    },
    overload("beta_cdf", 3, "Returns how likely a beta variable (a, b) is at most v.") {
      values throws(SQLError) in
      try require(values[2] >= 0 && values[2] <= 1, "value must be in the interval [0, 1]")
      try require(values[0] > 0 && values[1] > 0, "a, b must be > 0")
      return Distributions.betaCumulative(values[0], values[1], values[2])
    },
    overload(
      "inverse_beta_cdf",
      3,
      """
      Returns the value that a beta variable (a, b) is at most with probability p.
      """
    ) {
      values throws(SQLError) in
      try require(values[2] >= 0 && values[2] <= 1, "p must be in the interval [0, 1]")
      try require(values[0] > 0 && values[1] > 0, "a, b must be > 0")
      return Distributions.betaQuantile(values[0], values[1], values[2])
    },
    overload(
      "t_cdf",
      2,
      """
      Returns how likely a variable of Student's t is at most x, by degrees of freedom.
      """
    ) {
      values throws(SQLError) in
      try require(values[1] > 0, "df must be greater than 0")
      return Distributions.studentCumulative(values[0], values[1])
    },
    overload("t_pdf", 2, "Returns the density of Student's t at x, by degrees of freedom.") {
      values throws(SQLError) in
      try require(values[1] > 0, "df must be greater than 0")
      return Distributions.studentDensity(values[0], values[1])
    },
  ]

  private static func overload(
    _ name: String,
    _ count: Int,
    _ summary: String,
    _ function: @escaping @Sendable ([Double]) throws(SQLError) -> Double
  ) -> ScalarOverload {
    .rows(
      FunctionSignature(
        name,
        Array(repeating: .type(.double), count: count),
        returns: .type(.double),
        summary: summary
      )
    ) { arguments in
      let operands = arguments.map(\.doubles)
      return { row throws(SQLError) -> Double? in try function(operands.map { $0[row] }) }
    }
  }

  private static func require(_ condition: Bool, _ message: String) throws(SQLError) {
    if !condition { throw invalidArgument(message) }
  }
}
