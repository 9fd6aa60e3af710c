#if canImport(Glibc)
  import Glibc
#endif

/// Probability distributions: normal, beta and Student's t.
enum Distributions {
  static func normalCumulative(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }

  /// The quantile of the standard normal distribution.
  ///
  /// - Source: Peter Acklam, An algorithm for computing the inverse normal cumulative distribution
  ///   function; two steps of Halley's method then reach the precision of a double.
  static func normalQuantile(_ p: Double) -> Double {
    let a = [
      -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02,
      -3.066479806614716e+01, 2.506628277459239e+00,
    ]
    let b = [
      -5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01,
      -1.328068155288572e+01, 1,
    ]
    let c = [
      -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
      -2.549732539343734e+00, 4.374664141464968e+00, 2.938163982698783e+00,
    ]
    let d = [
      7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00, 1,
    ]
    // The upper half mirrors the lower, where probabilities keep their precision.
    if p > 0.5 { return -normalQuantile(1 - p) }
    var x: Double
    if p < 0.02425 {
      let q = (-2 * log(p)).squareRoot()
      x = polynomial(c, q) / polynomial(d, q)
    } else {
      let q = p - 0.5
      x = polynomial(a, q * q) * q / polynomial(b, q * q)
    }
    for _ in 0..<2 {
      let error = normalCumulative(x) - p
      let step = error * (2 * Double.pi).squareRoot() * exp(x * x / 2)
      x -= step / (1 + x * step / 2)
    }
    return x
  }

  private static func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
    coefficients.reduce(0) { $0 * x + $1 }
  }

  /// The regularized incomplete beta function: the cumulative beta distribution.
  static func betaCumulative(_ a: Double, _ b: Double, _ x: Double) -> Double {
    if x <= 0 { return 0 }
    if x >= 1 { return 1 }
    let front = exp(a * log(x) + b * log1p(-x) - logBeta(a, b))
    // The continued fraction converges fast on this side of the mean.
    return x < (a + 1) / (a + b + 2)
      ? front * betaFraction(a, b, x) / a : 1 - front * betaFraction(b, a, 1 - x) / b
  }

  private static func logBeta(_ a: Double, _ b: Double) -> Double {
    lgamma(a) + lgamma(b) - lgamma(a + b)
  }

  /// - Source: Lentz's method for the fraction DLMF 8.17.22.
  private static func betaFraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
    let tiny = 1e-300
    var c = 1.0
    var d = 1 / nonzero(1 - (a + b) * x / (a + 1), tiny)
    var result = d
    for index in 1..<10_000 {
      let m = Double(index)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / nonzero(1 + even * d, tiny)
      c = nonzero(1 + even / c, tiny)
      result *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / nonzero(1 + odd * d, tiny)
      c = nonzero(1 + odd / c, tiny)
      let change = d * c
      result *= change
      if (change - 1).magnitude < 1e-16 { break }
    }
    return result
  }

  private static func nonzero(_ value: Double, _ tiny: Double) -> Double {
    value.magnitude < tiny ? tiny : value
  }

  /// The quantile of the beta distribution, by bisection: the function ascends.
  static func betaQuantile(_ a: Double, _ b: Double, _ p: Double) -> Double {
    if p <= 0 { return 0 }
    if p >= 1 { return 1 }
    var low = 0.0
    var high = 1.0
    while true {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { return middle }
      if betaCumulative(a, b, middle) < p { low = middle } else { high = middle }
    }
  }

  static func studentCumulative(_ x: Double, _ freedom: Double) -> Double {
    if x == 0 { return 0.5 }
    if x.isInfinite { return x < 0 ? 0 : 1 }
    let tail = 0.5 * betaCumulative(freedom / 2, 0.5, freedom / (freedom + x * x))
    return x < 0 ? tail : 1 - tail
  }

  static func studentDensity(_ x: Double, _ freedom: Double) -> Double {
    exp(
      lgamma((freedom + 1) / 2) - lgamma(freedom / 2) - 0.5 * log(freedom * Double.pi)
        - (freedom + 1) / 2 * log1p(x * x / freedom)
    )
  }
}
