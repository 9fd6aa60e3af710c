import ApusPlanner
import ApusValues
import ApusVectors

/// `bar(fraction, width)`, `bar(fraction, width, low, high)`: a bar of as many characters, whose
/// filled part goes from one color to another, from red to green unless said.
enum Bar: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        "replace(bar(0.5, 4), chr(27), '^') || '|'",
        "^[38;5;196m█^[38;5;214m█^[0m  |"
      )
    ]
  }

  static let overloads: [ScalarOverload] = [
    .text(
      .text("bar", [.type(.double), .type(.bigint)], "Returns a bar from red to green.")
    ) { arguments in
      let fractions = arguments[0].doubles
      let widths = arguments[1].bigints
      let red = Color(red: 255, green: 0, blue: 0)
      let green = Color(red: 0, green: 255, blue: 0)
      return { row, heap throws(SQLError) -> StringView? in
        heap.store(try bar(fractions[row], widths[row], red, green))
      }
    },
    .text(
      .text(
        "bar",
        [.type(.double), .type(.bigint), .type(.color), .type(.color)],
        "Returns a bar from one color to another."
      )
    ) { arguments in
      let fractions = arguments[0].doubles
      let widths = arguments[1].bigints
      let lows = arguments[2].operand(as: Int32.self)
      let highs = arguments[3].operand(as: Int32.self)
      return { row, heap throws(SQLError) -> StringView? in
        let low = Color(code: lows[row])
        let high = Color(code: highs[row])
        return heap.store(try bar(fractions[row], widths[row], low, high))
      }
    },
  ]

  /// More characters are no bar, but a way to fill the memory.
  private static let widthLimit: Int64 = 1_000_000

  private static func bar(_ fraction: Double, _ width: Int64, _ low: Color, _ high: Color)
    throws(SQLError) -> [UInt8]
  {
    guard width <= widthLimit else {
      throw invalidArgument("width must be at most \(widthLimit)")
    }
    let wanted = fraction * Double(width)
    let filled = wanted >= 1 ? Int64(min(wanted, Double(max(width, 0)))) : 0
    var result: [UInt8] = []
    if filled > 0 {
      let gradient = try ColorGradient(from: low, to: high)
      for index in 0..<filled {
        let color = gradient.color(at: Float(Double(index) / Double(width - 1)))
        result.append(contentsOf: color.escapeSequence.utf8)
        result.append(contentsOf: "█".utf8)
      }
    }
    result.append(contentsOf: Color.resetSequence.utf8)
    result.append(
      contentsOf: repeatElement(UInt8(ascii: " "), count: Int(max(width - filled, 0)))
    )
    return result
  }
}
