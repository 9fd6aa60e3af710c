import ApusValues

// Numbers in paths: integers overflow as integer and bigint do, decimals are exact, and what meets a
// double becomes one, as what meets a real does otherwise.

extension JSONItem {
  typealias Scaled = (unscaled: Int128, scale: Int)

  /// The number as a double; nil for what is none.
  var asDouble: Double? {
    switch self {
    case .integer(let value, _): Double(value)
    case .double(let value): value
    case .real(let value): Double(value)
    case .decimal(let unscaled, let scale): Double(Decimal.format(unscaled, scale: scale))
    default: nil
    }
  }

  /// The number as a real; nil for a double and for what is no number.
  var asReal: Float? {
    switch self {
    case .integer(let value, _): Float(value)
    case .real(let value): value
    case .decimal(let unscaled, let scale): Float(Decimal.format(unscaled, scale: scale))
    default: nil
    }
  }

  /// The number as a decimal; nil for a double, a real and what is no number.
  var asDecimal: Scaled? {
    switch self {
    case .integer(let value, _): (Int128(widening: value), 0)
    case .decimal(let unscaled, let scale): (unscaled, scale)
    default: nil
    }
  }

  /// Brings two decimals to one scale; nil if one of them gets too long.
  static func aligned(_ a: Scaled, _ b: Scaled) -> (Int128, Int128)? {
    let scale = max(a.scale, b.scale)
    let (first, firstOverflow) = a.unscaled.multipliedReportingOverflow(
      by: PowersOfTen.wide[scale - a.scale]
    )
    let (second, secondOverflow) = b.unscaled.multipliedReportingOverflow(
      by: PowersOfTen.wide[scale - b.scale]
    )
    return firstOverflow || secondOverflow ? nil : (first, second)
  }

  func requireNumber() throws(SQLJSONPathFailure) -> JSONItem {
    switch self {
    case .integer, .decimal, .double, .real: return self
    case .long(let digits):
      throw SQLJSONPathFailure("cannot convert value \(digits) to an SQL number")
    default: throw .type(expected: "NUMBER", actual: kind)
    }
  }

  func negated() throws(SQLJSONPathFailure) -> JSONItem {
    switch try requireNumber() {
    case .integer(let value, let isWide): try JSONItem.integer(0 - Int128(value), isWide)
    case .decimal(let unscaled, let scale): .decimal(unscaled: -unscaled, scale: scale)
    case .double(let value): .double(-value)
    case .real(let value): .real(-value)
    default: self
    }
  }

  func magnitude() throws(SQLJSONPathFailure) -> JSONItem {
    switch try requireNumber() {
    case .integer(let value, _) where value < 0: try negated()
    case .decimal(let unscaled, _) where unscaled < 0: try negated()
    case .double(let value): .double(value.magnitude)
    case .real(let value): .real(value.magnitude)
    default: self
    }
  }

  func rounded(_ rule: FloatingPointRoundingRule) throws(SQLJSONPathFailure) -> JSONItem {
    switch try requireNumber() {
    case .double(let value):
      return .double(value.rounded(rule))
    case .real(let value):
      return .real(value.rounded(rule))
    case .decimal(let unscaled, let scale):
      let power = PowersOfTen.wide[scale]
      let (quotient, rest) = unscaled.quotientAndRemainder(dividingBy: power)
      let isOff = rest != 0 && (rule == .up) == (unscaled > 0)
      return .decimal(unscaled: isOff ? quotient + (rule == .up ? 1 : -1) : quotient, scale: 0)
    default:
      return self
    }
  }

  func toDouble() throws(SQLJSONPathFailure) -> JSONItem {
    if let value = asDouble { return .double(value) }
    switch self {
    case .string(let text):
      var text = text
      let value: Double? = text.withUTF8 { parseFloating(UnsafeRawBufferPointer($0)) }
      guard let value else { throw SQLJSONPathFailure("Cannot cast '\(text)' to DOUBLE") }
      return .double(value)
    case .long:
      return try requireNumber()
    default:
      throw .type(expected: "NUMBER or TEXT", actual: kind)
    }
  }

  private static func integer(_ value: Int128, _ isWide: Bool) throws(SQLJSONPathFailure)
    -> JSONItem
  {
    guard let result = Int64(exactly: value), isWide || Int32(exactly: result) != nil else {
      throw SQLJSONPathFailure("\(isWide ? "bigint" : "integer") overflow")
    }
    return .integer(result, isWide: isWide)
  }

  /// Computes one of the operations on two numbers.
  static func compute(_ op: SQLJSONPath.Operator, _ left: JSONItem, _ right: JSONItem)
    throws(SQLJSONPathFailure) -> JSONItem
  {
    switch (try left.requireNumber(), try right.requireNumber()) {
    case (.integer(let a, let isWide), .integer(let b, let isOtherWide)):
      let isWide = isWide || isOtherWide
      let (a, b) = (Int128(a), Int128(b))
      switch op {
      case .add: return try integer(a + b, isWide)
      case .subtract: return try integer(a - b, isWide)
      case .multiply: return try integer(a * b, isWide)
      case .divide, .modulus:
        guard b != 0 else { throw SQLJSONPathFailure("Division by zero") }
        return try integer(op == .divide ? a / b : a % b, isWide)
      }
    case (.double, _), (_, .double):
      guard let a = left.asDouble, let b = right.asDouble else { return .null }
      switch op {
      case .add: return .double(a + b)
      case .subtract: return .double(a - b)
      case .multiply: return .double(a * b)
      case .divide: return .double(a / b)
      case .modulus: return .double(a.truncatingRemainder(dividingBy: b))
      }
    case (.real, _), (_, .real):
      guard let a = left.asReal, let b = right.asReal else { return .null }
      switch op {
      case .add: return .real(a + b)
      case .subtract: return .real(a - b)
      case .multiply: return .real(a * b)
      case .divide: return .real(a / b)
      case .modulus: return .real(a.truncatingRemainder(dividingBy: b))
      }
    default:
      guard let a = left.asDecimal, let b = right.asDecimal else { return .null }
      return try compute(op, a, b)
    }
  }

  /// Decimals, with the scales of SQL's operators.
  private static func compute(_ op: SQLJSONPath.Operator, _ a: Scaled, _ b: Scaled)
    throws(SQLJSONPathFailure) -> JSONItem
  {
    let overflow = SQLJSONPathFailure("Decimal overflow")
    func result(_ value: (partialValue: Int128, overflow: Bool), _ scale: Int)
      throws(SQLJSONPathFailure) -> JSONItem
    {
      guard !value.overflow, scale <= 38, Decimal.fits(value.partialValue, precision: 38) else {
        throw overflow
      }
      return .decimal(unscaled: value.partialValue, scale: scale)
    }
    let scale = max(a.scale, b.scale)
    if op == .multiply {
      let product = a.unscaled.multipliedReportingOverflow(by: b.unscaled)
      return try result(product, a.scale + b.scale)
    }
    guard let (first, second) = aligned(a, b) else { throw overflow }
    switch op {
    case .add: return try result(first.addingReportingOverflow(second), scale)
    case .subtract: return try result(first.subtractingReportingOverflow(second), scale)
    default: break
    }
    guard second != 0 else { throw SQLJSONPathFailure("Division by zero") }
    if op == .modulus { return try result((first % second, false), scale) }
    let (numerator, isTooLong) = first.multipliedReportingOverflow(by: PowersOfTen.wide[scale])
    guard !isTooLong else { throw overflow }
    // Half away from zero.
    let (quotient, rest) = numerator.quotientAndRemainder(dividingBy: second)
    let isUp = rest.magnitude >= second.magnitude - rest.magnitude
    let step: Int128 = (numerator < 0) == (second < 0) ? 1 : -1
    return try result((isUp ? quotient + step : quotient, false), scale)
  }
}
