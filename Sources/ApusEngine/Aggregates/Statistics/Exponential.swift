#if canImport(Glibc)
  import Glibc
#endif

/// `e` to the power of `value`.
func exponential(_ value: Double) -> Double { exp(value) }

/// The natural logarithm.
func naturalLogarithm(_ value: Double) -> Double { log(value) }
