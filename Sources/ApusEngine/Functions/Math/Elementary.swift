#if canImport(Glibc)
  import Glibc
#endif

/// `base` to the power of `exponent`.
func raise(_ base: Double, to exponent: Double) -> Double { pow(base, exponent) }

/// The functions of one double that the C library computes.
enum Elementary {
  static let all: [(name: String, summary: String, function: @Sendable (Double) -> Double)] = [
    ("acos", "Returns the arc cosine in radians; NaN beyond -1 and 1.", { acos($0) }),
    ("asin", "Returns the arc sine in radians; NaN beyond -1 and 1.", { asin($0) }),
    ("atan", "Returns the arc tangent in radians.", { atan($0) }),
    ("cbrt", "Returns the cube root.", { cubeRoot($0) }),
    ("cos", "Returns the cosine of an angle in radians.", { cos($0) }),
    ("cosh", "Returns the hyperbolic cosine.", { cosh($0) }),
    ("degrees", "Converts radians to degrees.", { $0 * 180 / Double.pi }),
    ("exp", "Returns e to the power of x.", { exp($0) }),
    ("ln", "Returns the natural logarithm; NaN below 0.", { log($0) }),
    ("log10", "Returns the logarithm to base 10.", { log10($0) }),
    ("log2", "Returns the logarithm to base 2.", { log2($0) }),
    ("radians", "Converts degrees to radians.", { $0 * Double.pi / 180 }),
    ("sin", "Returns the sine of an angle in radians.", { sin($0) }),
    ("sinh", "Returns the hyperbolic sine.", { sinh($0) }),
    ("tan", "Returns the tangent of an angle in radians.", { tan($0) }),
    ("tanh", "Returns the hyperbolic tangent.", { tanh($0) }),
  ]

  /// The C library's cube root is off by a digit now and then; a step of Newton's method with the
  /// exact residue mends it, so that the cube root of 27 is 3.
  static func cubeRoot(_ value: Double) -> Double {
    let root = cbrt(value)
    guard root.isFinite, root != 0 else { return root }
    let square = root * root
    let squareError = (-square).addingProduct(root, root)
    let cube = square * root
    let cubeError = (-cube).addingProduct(square, root) + squareError * root
    let correction = ((cube - value) + cubeError) / (3 * square)
    return correction.isFinite ? root - correction : root
  }

  /// The angle of the point (x, y).
  static func arcTangent(_ y: Double, _ x: Double) -> Double { atan2(y, x) }

  /// The logarithm of `value` to a base.
  static func logarithm(base: Double, _ value: Double) -> Double { log(value) / log(base) }
}
