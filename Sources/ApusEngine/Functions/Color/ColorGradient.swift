import ApusValues

/// The colors from one to another, over hue, saturation and brightness, computed in single precision
/// as Java does, so that the same numbers give the same colors.
struct ColorGradient {
  private let from: SIMD3<Float>
  private let to: SIMD3<Float>

  /// - Throws: INVALID_FUNCTION_ARGUMENT for a color that has no parts.
  init(from: Color, to: Color) throws(SQLError) {
    guard let from = from.hueSaturationBrightness, let to = to.hueSaturationBrightness else {
      throw invalidArgument("color is not a valid rgb value")
    }
    self.from = from
    self.to = to
  }

  /// The color at a fraction of the way, 0…1.
  func color(at fraction: Float) -> Color {
    let value = SIMD3(
      fraction * (to.x - from.x) + from.x,
      fraction * (to.y - from.y) + from.y,
      fraction * (to.z - from.z) + from.z
    )
    return Color(hue: value.x, saturation: value.y, brightness: value.z)
  }
}

extension Color {
  static let resetSequence = "\u{1b}[0m"

  /// What tells a terminal of 256 colors to write in the nearest one.
  var escapeSequence: String {
    guard let (red, green, blue) = parts else { return "\u{1b}[38;5;\(~code)m" }
    // A cube of six steps each way stands behind the 16 colors of the system.
    func step(_ part: UInt8) -> Int { Int(part) * 6 / 256 }
    return "\u{1b}[38;5;\(16 + step(red) * 36 + step(green) * 6 + step(blue))m"
  }

  fileprivate var hueSaturationBrightness: SIMD3<Float>? {
    guard let (red, green, blue) = parts else { return nil }
    let largest = max(red, green, blue)
    let range = Float(largest - min(red, green, blue))
    let brightness = Float(largest) / 255
    guard range > 0 else { return SIMD3(0, 0, brightness) }
    let redDistance = Float(largest - red) / range
    let greenDistance = Float(largest - green) / range
    let blueDistance = Float(largest - blue) / range
    var hue: Float =
      if red == largest {
        blueDistance - greenDistance
      } else if green == largest {
        2 + redDistance - blueDistance
      } else {
        4 + greenDistance - redDistance
      }
    hue /= 6
    if hue < 0 { hue += 1 }
    return SIMD3(hue, range / Float(largest), brightness)
  }

  /// A hue that is not a number gives black.
  fileprivate init(hue: Float, saturation: Float, brightness: Float) {
    func part(_ value: Float) -> UInt8 {
      let scaled = value * 255 + 0.5
      return scaled >= 0 ? UInt8(min(scaled, 255)) : 0
    }
    guard saturation != 0 else {
      let gray = part(brightness)
      self.init(red: gray, green: gray, blue: gray)
      return
    }
    let angle = (hue - hue.rounded(.down)) * 6
    let rest = angle - angle.rounded(.down)
    let bright = part(brightness)
    let dark = part(brightness * (1 - saturation))
    let falling = part(brightness * (1 - saturation * rest))
    let rising = part(brightness * (1 - saturation * (1 - rest)))
    switch angle {
    case 0..<1: self.init(red: bright, green: rising, blue: dark)
    case 1..<2: self.init(red: falling, green: bright, blue: dark)
    case 2..<3: self.init(red: dark, green: bright, blue: rising)
    case 3..<4: self.init(red: dark, green: falling, blue: bright)
    case 4..<5: self.init(red: rising, green: dark, blue: bright)
    case 5..<6: self.init(red: bright, green: dark, blue: falling)
    default: self.init(red: 0, green: 0, blue: 0)
    }
  }
}
