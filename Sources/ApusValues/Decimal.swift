// Decimals are unscaled integers: decimal(10,2) '12.34' is 1234. The scale lives in the type.

/// Powers of ten that fit an `Int128`, 10^0 … 10^38.
public enum PowersOfTen {
  public static let wide: [Int128] = {
    var powers: [Int128] = [1]
    for _ in 0..<38 { powers.append(powers[powers.count - 1] * 10) }
    return powers
  }()

  /// 10^0 … 10^18.
  public static let narrow: [Int64] = wide[0...18].map { Int64($0) }
}

/// Conversions between unscaled integers, scales and text.
public enum Decimal {
  /// Whether `unscaled` has at most `precision` digits.
  @inlinable
  public static func fits(_ unscaled: Int128, precision: Int) -> Bool {
    unscaled.magnitude < PowersOfTen.wide[precision].magnitude
  }

  /// Divides by a positive divisor, rounding half away from zero.
  @inlinable
  public static func divideRounding(_ value: Int128, by divisor: Int128) -> Int128 {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    guard remainder.magnitude >= divisor.magnitude - remainder.magnitude else { return quotient }
    return (value < 0) == (divisor < 0) ? quotient + 1 : quotient - 1
  }

  /// Changes the scale, rounding half away from zero; nil if the result leaves `precision`.
  public static func rescale(
    _ unscaled: Int128,
    from scale: Int,
    to target: Int,
    precision: Int
  ) -> Int128? {
    var result = unscaled
    if target > scale {
      let (product, overflow) = unscaled.multipliedReportingOverflow(
        by: PowersOfTen.wide[target - scale]
      )
      if overflow { return nil }
      result = product
    } else if target < scale {
      result = divideRounding(unscaled, by: PowersOfTen.wide[scale - target])
    }
    return fits(result, precision: precision) ? result : nil
  }

  /// Returns the digits with `scale` places after the point: `(1234, 2)` is `12.34`.
  public static func format(_ unscaled: Int128, scale: Int) -> String {
    let digits = String(unscaled.magnitude)
    let sign = unscaled < 0 ? "-" : ""
    guard scale > 0 else { return sign + digits }
    let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
    return sign + padded.dropLast(scale) + "." + padded.suffix(scale)
  }

  /// Reads `[+-]digits[.digits]`, without surrounding spaces.
  ///
  /// - Returns: the unscaled value with the number of fractional digits written and the number of
  ///   digits in all (leading zeros left out, at least `scale`); nil if the text is no such number
  ///   or has over 38 digits.
  public static func parse(_ text: some StringProtocol)
    -> (unscaled: Int128, precision: Int, scale: Int)?
  {
    var value: Int128 = 0
    var digits = 0
    var significant = 0
    var scale = 0
    var negative = false
    var seenPoint = false
    for (index, byte) in text.utf8.enumerated() {
      switch byte {
      case UInt8(ascii: "+") where index == 0: break
      case UInt8(ascii: "-") where index == 0: negative = true
      case UInt8(ascii: "."):
        if seenPoint { return nil }
        seenPoint = true
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        digits += 1
        if significant > 0 || byte != UInt8(ascii: "0") { significant += 1 }
        if significant > 38 { return nil }
        if seenPoint { scale += 1 }
        value = value * 10 + Int128(byte - UInt8(ascii: "0"))
      default: return nil
      }
    }
    guard digits > 0, scale <= 38 else { return nil }
    return (negative ? -value : value, max(significant, scale, 1), scale)
  }
}
