import ApusPlanner
import ApusValues
import ApusVectors

/// `round(x)`, `round(x, n)`: halves away from zero; a negative `n` rounds before the point.
enum Round: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("round(-2.5)", "-3.0"),
      FunctionExample("round(DECIMAL '2.5')", "3"),
      FunctionExample("round(1234.567, 1)", "1234.6"),
      FunctionExample("round(1250, -2)", "1300"),
    ]
  }

  static let overloads: [ScalarOverload] =
    [
      integer(.tinyint, Int8.self), integer(.smallint, Int16.self),
      integer(.integer, Int32.self), integer(.bigint, Int64.self),
    ].flatMap { $0 } + [
      ScalarOverload(
        FunctionSignature(
          "round",
          [.anyDecimal],
          returns: .computed { wholeDecimal($0[0], gains: true) },
          summary: summary
        )
      ) { call throws(SQLError) in
        decimalEvaluator(call) { value, divisor in Decimal.divideRounding(value, by: divisor) }
      },
      decimalToPlaces,
      .unary(signature([.type(.real)])) { (x: Float) in x.rounded(.toNearestOrAwayFromZero) },
      .unary(signature([.type(.double)])) { (x: Double) in x.rounded(.toNearestOrAwayFromZero) },
      .rows(signature([.type(.real), .type(.bigint)])) { arguments in
        let x = arguments[0].operand(as: Float.self)
        let places = arguments[1].bigints
        return { row throws(SQLError) -> Float? in
          Float(roundToPlaces(Double(x[row]), places[row], isCut: false))
        }
      },
      .rows(signature([.type(.double), .type(.bigint)])) { arguments in
        let x = arguments[0].doubles
        let places = arguments[1].bigints
        return { row throws(SQLError) -> Double? in
          roundToPlaces(x[row], places[row], isCut: false)
        }
      },
    ]

  private static let summary = "Rounds to a whole number or to n places, halves away from zero."

  private static func signature(_ parameters: [FunctionSignature.Parameter]) -> FunctionSignature {
    FunctionSignature("round", parameters, returns: .parameter(0), summary: summary)
  }

  private static func integer<Element: FixedWidthInteger & SignedInteger & Sendable>(
    _ type: SQLType,
    _ element: Element.Type
  ) -> [ScalarOverload] {
    [
      ScalarOverload(signature([.type(type)])) { _ throws(SQLError) in
        BatchEvaluator { arguments, _, _ throws(SQLError) in arguments[0] }
      },
      .rows(signature([.type(type), .type(.bigint)])) { arguments in
        let x = arguments[0].operand(as: Element.self)
        let places = arguments[1].bigints
        return { row throws(SQLError) -> Element? in
          if places[row] >= 0 { return x[row] }
          if places[row] < -19 { return 0 }
          let unit = PowersOfTen.wide[Int(-places[row])]
          let rounded =
            Decimal.divideRounding(Int128(widening: Int64(truncatingIfNeeded: x[row])), by: unit)
            * unit
          guard let result = Element(exactly: rounded) else {
            throw SQLError(.numericValueOutOfRange, "Out of range for \(type): \(rounded)")
          }
          return result
        }
      },
    ]
  }

  /// A decimal keeps its scale and gains a digit, because 9.9 may become 10.0.
  private static let decimalToPlaces = ScalarOverload(
    FunctionSignature(
      "round",
      [.anyDecimal, .type(.bigint)],
      returns: .computed { types in
        guard case .decimal(let precision, let scale)? = types.first else { return .unknown }
        return .decimal(precision: min(38, precision + 1), scale: scale)
      },
      summary: summary
    )
  ) { call throws(SQLError) in
    let type = call.function.returnType
    let range = call.range
    guard case .decimal(let precision, let scale) = type else {
      throw .internal("round of a decimal gives \(type)")
    }
    let round: @Sendable (Int128, Int64) throws(SQLError) -> Int128 = {
      value,
      places throws(SQLError) in
      if places < -38 { return 0 }
      let dropped = Int64(scale) - places
      if dropped <= 0 { return value }
      if dropped > 38 { return 0 }
      let unit = PowersOfTen.wide[Int(dropped)]
      let (product, overflow) = Decimal.divideRounding(value, by: unit)
        .multipliedReportingOverflow(by: unit)
      guard !overflow, Decimal.fits(product, precision: precision) else {
        throw SQLError(.numericValueOutOfRange, "Decimal overflow")
      }
      return product
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
          Int64(truncatingIfNeeded: try round(values[row], places[row]))
        }
      }
      return mapRows(operands, to: type, rows: rows, range: range, errors: &errors) {
        (row: Int) throws(SQLError) -> Int128? in try round(values[row], places[row])
      }
    }
  }
}
