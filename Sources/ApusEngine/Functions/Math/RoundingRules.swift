import ApusPlanner
import ApusValues
import ApusVectors

/// `ceil(x)`, `ceiling(x)`, `floor(x)`, `truncate(x)`: to a whole number of the same type, a decimal
/// to one without scale.
enum RoundingRules: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("ceil(-1.5)", "-1.0"),
      FunctionExample("ceiling(DECIMAL '1.1')", "2"),
      FunctionExample("floor(-1.5)", "-2.0"),
      FunctionExample("truncate(-1.9)", "-1.0"),
      FunctionExample("truncate(DECIMAL '12.345', 1)", "12.300"),
    ]
  }

  private enum Rule: Sendable {
    case up
    case down
    case towardZero

    var floating: FloatingPointRoundingRule {
      switch self {
      case .up: .up
      case .down: .down
      case .towardZero: .towardZero
      }
    }

    func divide(_ value: Int128, by divisor: Int128) -> Int128 {
      switch self {
      case .up: -floorDivide(-value, divisor).quotient
      case .down: floorDivide(value, divisor).quotient
      case .towardZero: value / divisor
      }
    }
  }

  static let overloads: [ScalarOverload] =
    overloads(of: "ceil", .up, "Rounds up to a whole number.")
    + overloads(of: "ceiling", .up, "Rounds up to a whole number.")
    + overloads(of: "floor", .down, "Rounds down to a whole number.")
    + overloads(of: "truncate", .towardZero, "Cuts off the fraction.")
    + [truncateDecimalToPlaces, truncateToPlaces]

  private static func overloads(of name: String, _ rule: Rule, _ summary: String)
    -> [ScalarOverload]
  {
    let signature = { (parameter: FunctionSignature.Parameter) in
      FunctionSignature(name, [parameter], returns: .parameter(0), summary: summary)
    }
    let integers = [SQLType.tinyint, .smallint, .integer, .bigint].map { type in
      ScalarOverload(signature(.type(type))) { _ throws(SQLError) in
        BatchEvaluator { arguments, _, _ throws(SQLError) in arguments[0] }
      }
    }
    let decimal = ScalarOverload(
      FunctionSignature(
        name,
        [.anyDecimal],
        returns: .computed { wholeDecimal($0[0], gains: rule != .towardZero) },
        summary: summary
      )
    ) { call throws(SQLError) in
      decimalEvaluator(call) { value, divisor in rule.divide(value, by: divisor) }
    }
    return integers + [
      decimal,
      .unary(signature(.type(.real))) { (x: Float) in x.rounded(rule.floating) },
      .unary(signature(.type(.double))) { (x: Double) in x.rounded(rule.floating) },
    ]
  }

  /// A decimal keeps its type: no digit is gained.
  private static let truncateDecimalToPlaces = ScalarOverload(
    FunctionSignature(
      "truncate",
      [.anyDecimal, .type(.bigint)],
      returns: .parameter(0),
      summary: "Cuts off the digits after the nth place."
    )
  ) { call throws(SQLError) in
    let type = call.function.returnType
    let range = call.range
    let scale: Int64 = if case .decimal(_, let scale) = type { Int64(scale) } else { 0 }
    let truncate: @Sendable (Int128, Int64) -> Int128 = { value, places in
      if places >= scale { return value }
      if places < scale - 38 { return 0 }
      let unit = PowersOfTen.wide[Int(scale - places)]
      return value / unit * unit
    }
    return BatchEvaluator { arguments, rows, errors throws(SQLError) in
      let wide = arguments[0].widenedDecimal(rows).decoded
      defer { extendLifetime(wide) }
      let values = wide.operand(as: Int128.self)
      let places = arguments[1].bigints
      let operands = [wide, arguments[1]]
      if type.physicalType == .int64 {
        return mapRows(operands, to: type, rows: rows, range: range, errors: &errors) {
          (row: Int) throws(SQLError) -> Int64? in
          Int64(truncatingIfNeeded: truncate(values[row], places[row]))
        }
      }
      return mapRows(operands, to: type, rows: rows, range: range, errors: &errors) {
        (row: Int) throws(SQLError) -> Int128? in truncate(values[row], places[row])
      }
    }
  }

  private static let truncateToPlaces: ScalarOverload = .rows(
    FunctionSignature(
      "truncate",
      [.type(.double), .type(.bigint)],
      returns: .type(.double),
      summary: "Cuts off the digits after the nth place."
    )
  ) { arguments in
    let x = arguments[0].doubles
    let places = arguments[1].bigints
    return { row throws(SQLError) -> Double? in
      roundToPlaces(x[row], places[row], isCut: true)
    }
  }
}

/// The decimal without scale that holds the whole part of `type`, or the next whole number.
func wholeDecimal(_ type: SQLType, gains: Bool) -> SQLType {
  guard case .decimal(let precision, let scale) = type else { return type }
  let digits = precision - scale + (gains ? min(1, scale) : 0)
  return .decimal(precision: min(38, max(1, digits)), scale: 0)
}

/// Makes the evaluator that divides an unscaled decimal by the power of ten of its scale.
func decimalEvaluator(
  _ call: ScalarCall,
  _ divide: @escaping @Sendable (Int128, Int128) -> Int128
) -> BatchEvaluator {
  let type = call.function.returnType
  let scale: Int =
    if case .decimal(_, let scale)? = call.function.parameterTypes.first { scale } else { 0 }
  let divisor = PowersOfTen.wide[scale]
  return BatchEvaluator { arguments, rows, _ throws(SQLError) in
    let wide = arguments[0].widenedDecimal(rows)
    return type.physicalType == .int64
      ? mapUnary(wide, to: type, rows: rows) { (value: Int128) in
        Int64(truncatingIfNeeded: divide(value, divisor))
      }
      : mapUnary(wide, to: type, rows: rows) { (value: Int128) in divide(value, divisor) }
  }
}

/// Rounds at a decimal place, halves away from zero or towards zero; a number too large to have a
/// digit there stays as it is.
func roundToPlaces(_ value: Double, _ places: Int64, isCut: Bool) -> Double {
  guard value.isFinite, places < 300 else { return value }
  if places < -300 { return 0 }
  var factor = 1.0
  if places.magnitude <= 22 {
    // Products of tens are exact up to here.
    for _ in 0..<places.magnitude { factor *= 10 }
  } else {
    factor = raise(10, to: Double(places.magnitude))
  }
  let scaled = places >= 0 ? value * factor : value / factor
  guard scaled.magnitude < 9_007_199_254_740_992 else { return value }
  let rounded =
    isCut ? scaled.rounded(.towardZero) : scaled.rounded(.toNearestOrAwayFromZero)
  return places >= 0 ? rounded / factor : rounded * factor
}
