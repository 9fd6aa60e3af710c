import ApusPlanner
import ApusValues
import ApusVectors

/// `abs(x)`.
enum AbsoluteValue: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("abs(-7)", "7"),
      FunctionExample("abs(DECIMAL '-1.50')", "1.50"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    integer(.tinyint, Int8.self),
    integer(.smallint, Int16.self),
    integer(.integer, Int32.self),
    integer(.bigint, Int64.self),
    ScalarOverload(signature(.anyDecimal)) { call throws(SQLError) in
      let type = call.function.returnType
      return BatchEvaluator { arguments, rows, _ throws(SQLError) in
        type.physicalType == .int64
          ? mapUnary(arguments[0], to: type, rows: rows) { (x: Int64) in x < 0 ? 0 &- x : x }
          : mapUnary(arguments[0], to: type, rows: rows) { (x: Int128) in x < 0 ? 0 &- x : x }
      }
    },
    .unary(signature(.type(.real))) { (x: Float) in x.magnitude },
    .unary(signature(.type(.double))) { (x: Double) in x.magnitude },
  ]

  private static func integer<Element: FixedWidthInteger & SignedInteger & Sendable>(
    _ type: SQLType,
    _ element: Element.Type
  ) -> ScalarOverload {
    .rows(signature(.type(type))) { arguments in
      let x = arguments[0].operand(as: Element.self)
      return { row throws(SQLError) -> Element? in
        let value = x[row]
        if value == Element.min {
          throw SQLError(
            .numericValueOutOfRange,
            "Value \(value) is out of range for abs(\(type))"
          )
        }
        return abs(value)
      }
    }
  }

  private static func signature(_ parameter: FunctionSignature.Parameter) -> FunctionSignature {
    FunctionSignature(
      "abs",
      [parameter],
      returns: .parameter(0),
      summary: "Returns the absolute value."
    )
  }
}
