import ApusPlanner
import ApusValues
import ApusVectors

/// `color(text)`: the color that a name or `#rgb` means; `color(fraction, low, high)` and
/// `color(x, low, high, lowColor, highColor)`: one between two.
///
///     color(0.5, color('#f00'), color('#0f0'))  →  #ffff00
enum MakeColor: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("color('#f80')", "#ff8800"),
      FunctionExample("color('red')", "red"),
      FunctionExample("color(0.5, color('#f00'), color('#0f0'))", "#ffff00"),
      FunctionExample("color(47, 42, 52, rgb(255, 0, 0), rgb(255, 255, 0))", "#ff8000"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .rows(
      FunctionSignature(
        "color",
        [.anyVarchar],
        returns: .type(.color),
        summary: "Returns the color of a name or of #rgb."
      )
    ) { arguments in
      let texts = arguments[0].texts
      return { row throws(SQLError) -> Int32? in
        let text = String(decoding: texts.bytes(row), as: UTF8.self)
        guard let color = Color(text) else { throw invalidArgument("Invalid color: '\(text)'") }
        return color.code
      }
    },
    .rows(
      FunctionSignature(
        "color",
        [.type(.double), .type(.double), .type(.double), .type(.color), .type(.color)],
        returns: .type(.color),
        summary: "Returns the color between two that a number has between two bounds."
      )
    ) { arguments in
      let values = arguments[0].doubles
      let lows = arguments[1].doubles
      let highs = arguments[2].doubles
      let lowColors = arguments[3].operand(as: Int32.self)
      let highColors = arguments[4].operand(as: Int32.self)
      return { row throws(SQLError) -> Int32? in
        let fraction = (values[row] - lows[row]) / (highs[row] - lows[row])
        return try blend(fraction, lowColors[row], highColors[row])
      }
    },
    .rows(
      FunctionSignature(
        "color",
        [.type(.double), .type(.color), .type(.color)],
        returns: .type(.color),
        summary: "Returns the color between two at a fraction of the way."
      )
    ) { arguments in
      let fractions = arguments[0].doubles
      let lowColors = arguments[1].operand(as: Int32.self)
      let highColors = arguments[2].operand(as: Int32.self)
      return { row throws(SQLError) -> Int32? in
        try blend(fractions[row], lowColors[row], highColors[row])
      }
    },
  ]

  private static func blend(_ fraction: Double, _ low: Int32, _ high: Int32) throws(SQLError)
    -> Int32
  {
    guard low >= 0 else { throw invalidArgument("lowColor not a valid RGB color") }
    guard high >= 0 else { throw invalidArgument("highColor not a valid RGB color") }
    // What is not a number stays none.
    let limited = fraction > 1 ? 1 : fraction < 0 ? 0 : fraction
    let gradient = try ColorGradient(from: Color(code: low), to: Color(code: high))
    return gradient.color(at: Float(limited)).code
  }
}

/// `rgb(red, green, blue)`: the color of these parts.
enum RGB: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("rgb(255, 128, 0)", "#ff8000")
    ]
  }

  static let overloads: [ScalarOverload] = [
    .rows(
      FunctionSignature(
        "rgb",
        [.type(.bigint), .type(.bigint), .type(.bigint)],
        returns: .type(.color),
        summary: "Returns the color of red, green and blue, each 0 to 255."
      )
    ) { arguments in
      let parts = arguments.map(\.bigints)
      return { row throws(SQLError) -> Int32? in
        let red = try part(parts[0][row], "red")
        let green = try part(parts[1][row], "green")
        let blue = try part(parts[2][row], "blue")
        return Color(red: red, green: green, blue: blue).code
      }
    }
  ]

  private static func part(_ value: Int64, _ name: String) throws(SQLError) -> UInt8 {
    guard let part = UInt8(exactly: value) else {
      throw invalidArgument("\(name) must be between 0 and 255")
    }
    return part
  }
}
