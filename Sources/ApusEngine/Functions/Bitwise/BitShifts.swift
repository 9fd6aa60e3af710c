import ApusPlanner
import ApusValues
import ApusVectors

/// `bitwise_left_shift(x, n)`, `bitwise_right_shift(x, n)`, `bitwise_right_shift_arithmetic(x, n)`.
enum BitShifts: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("bitwise_left_shift(TINYINT '127', 1)", "-2"),
      FunctionExample("bitwise_left_shift(1, 10)", "1024"),
      FunctionExample("bitwise_right_shift(TINYINT '-8', 2)", "62"),
      FunctionExample("bitwise_right_shift_arithmetic(-8, 2)", "-2"),
    ]
  }

  static let overloads: [ScalarOverload] =
    overloads(.tinyint, Int8.self) + overloads(.smallint, Int16.self)
    + overloads(.integer, Int32.self) + overloads(.bigint, Int64.self)

  private static func overloads<Element: FixedWidthInteger & SignedInteger & Sendable>(
    _ type: SQLType,
    _ element: Element.Type
  ) -> [ScalarOverload] {
    let signature = { (name: String, summary: String) in
      FunctionSignature(
        name,
        [.type(type), .type(.bigint)],
        returns: .type(type),
        summary: summary
      )
    }
    return [
      shift(
        signature(
          "bitwise_left_shift",
          """
          Shifts bits left by n; those beyond the type's are lost.
          """
        ),
        element
      ) { x, n in x << n },
      shift(
        signature("bitwise_right_shift", "Shifts bits right by n, filling with zeros."),
        element
      ) { x, n in
        n == 0 ? x : Element(truncatingIfNeeded: Element.Magnitude(truncatingIfNeeded: x) >> n)
      },
      shift(
        signature("bitwise_right_shift_arithmetic", "Shifts bits right by n, keeping the sign."),
        element
      ) { x, n in x >> n },
    ]
  }

  private static func shift<Element: FixedWidthInteger & SignedInteger & Sendable>(
    _ signature: FunctionSignature,
    _ element: Element.Type,
    _ apply: @escaping @Sendable (Element, Int64) -> Element
  ) -> ScalarOverload {
    .rows(signature) { arguments in
      let x = arguments[0].operand(as: Element.self)
      let distance = arguments[1].bigints
      return { row throws(SQLError) -> Element? in
        guard distance[row] >= 0 else { throw invalidArgument("Shift must be positive") }
        return apply(x[row], min(distance[row], 64))
      }
    }
  }
}
