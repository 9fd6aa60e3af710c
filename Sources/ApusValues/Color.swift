/// A color: of red, green and blue, each 0…255, or one of the eight that terminals have names for.
public struct Color: Sendable, Equatable {
  /// `0xRRGGBB`, or the complement of a position among the names.
  public var code: Int32

  public init(code: Int32) { self.code = code }

  public init(red: UInt8, green: UInt8, blue: UInt8) {
    code = Int32(red) << 16 | Int32(green) << 8 | Int32(blue)
  }

  private static let names = [
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
  ]

  /// Reads `#f80` or a name.
  public init?(_ text: String) {
    let digits = text.utf8.dropFirst().map { byte in
      Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) }
    }
    if text.utf8.first == UInt8(ascii: "#"), digits.count == 3, let red = digits[0],
      let green = digits[1], let blue = digits[2]
    {
      self.init(red: red * 17, green: green * 17, blue: blue * 17)
      return
    }
    let name = text.uppercased()
    guard let index = Color.names.firstIndex(where: { $0.uppercased() == name }) else { return nil }
    self.init(code: ~Int32(index))
  }

  /// The three parts; nil for a color that has a name instead.
  public var parts: (red: UInt8, green: UInt8, blue: UInt8)? {
    guard code >= 0 else { return nil }
    return (
      UInt8(truncatingIfNeeded: code >> 16), UInt8(truncatingIfNeeded: code >> 8),
      UInt8(truncatingIfNeeded: code)
    )
  }
}

extension Color: CustomStringConvertible {
  /// `#ff8800`, or the name.
  public var description: String {
    guard let (red, green, blue) = parts else {
      let index = Int(~code)
      return Color.names.indices.contains(index) ? Color.names[index] : ""
    }
    return "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
