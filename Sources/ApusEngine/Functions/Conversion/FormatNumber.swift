import ApusPlanner
import ApusValues
import ApusVectors

/// `format_number(x)`: three digits and a unit, `123K`, `1.23M`.
enum FormatNumber: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("format_number(123456)", "123K"),
      FunctionExample("format_number(1500000)", "1.5M"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .text(.text("format_number", [.type(.bigint)], summary)) { arguments in
      let numbers = arguments[0].bigints
      return { row, heap throws(SQLError) -> StringView? in heap.store(format(numbers[row])) }
    },
    .text(.text("format_number", [.type(.double)], summary)) { arguments in
      let numbers = arguments[0].doubles
      return { row, heap throws(SQLError) -> StringView? in
        heap.store(format(whole(numbers[row])))
      }
    },
  ]

  private static let summary = """
    Writes a number with at most three digits and a unit: K, M, B, T or Q.
    """

  /// Cuts off the fraction as Java does: NaN is 0, and the bounds are those of a bigint.
  private static func whole(_ value: Double) -> Int64 {
    if value.isNaN { return 0 }
    return Int64(exactly: value.rounded(.towardZero)) ?? (value < 0 ? .min : .max)
  }

  private static func format(_ number: Int64) -> String {
    var value = Double(number)
    var unit = ""
    for next in ["K", "M", "B", "T", "Q"] where value.magnitude >= 1000 {
      value /= 1000
      unit = next
    }
    // Negative numbers are below ten, and so have two places, as in Trino.
    let places: Int64 = value < 10 ? 2 : value < 100 ? 1 : 0
    let rounded = roundToPlaces(value, places, isCut: false)
    var text = floatingPointText(rounded, shortest: rounded.description)
    if text.hasSuffix(".0") { text.removeLast(2) }
    return text + unit
  }
}
