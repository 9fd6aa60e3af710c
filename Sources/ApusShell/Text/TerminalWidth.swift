// How many cells of a terminal a text takes: what people see as one character (an extended grapheme
// cluster) takes one or two, by its first scalar; combining marks join the one before.

/// Measures and cuts text as terminals show it.
enum TerminalWidth {
  /// The cells that a text takes.
  static func of(_ text: String) -> Int {
    var width = 0
    for character in text { width += of(character) }
    return width
  }

  /// The cells that bytes of UTF-8 take; every byte of ASCII takes one, controls as well.
  static func of(_ bytes: ArraySlice<UInt8>) -> Int {
    if isASCII(bytes) { return bytes.count }
    return of(String(decoding: bytes, as: UTF8.self))
  }

  static func of(_ character: Character) -> Int {
    let scalars = character.unicodeScalars
    guard let first = scalars.first else { return 0 }
    if first.value < 0x300 {
      // A keycap or a sign such as © becomes an emoji by U+FE0F.
      return scalars.count > 1 && scalars.contains("\u{fe0f}") ? 2 : 1
    }
    if isWide(first) || scalars.contains("\u{fe0f}") { return 2 }
    switch first.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    // Flags are pairs of regional indicators, which are not wide one by one.
    return first.properties.isEmojiPresentation ? 2 : 1
  }

  /// Returns the start of the text that takes at most `width` cells, with its own width.
  static func prefix(_ bytes: ArraySlice<UInt8>, width: Int) -> (bytes: [UInt8], width: Int) {
    if isASCII(bytes) {
      let kept = bytes.prefix(max(0, width))
      return (Array(kept), kept.count)
    }
    var result: [UInt8] = []
    var taken = 0
    for character in String(decoding: bytes, as: UTF8.self) {
      let cells = of(character)
      if taken + cells > width { break }
      taken += cells
      result.append(contentsOf: character.utf8)
    }
    return (result, taken)
  }

  static func isASCII(_ bytes: ArraySlice<UInt8>) -> Bool {
    var union: UInt8 = 0
    for byte in bytes { union |= byte }
    return union < 0x80
  }

  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    let value = scalar.value
    var lower = 0
    var upper = wideScalarRanges.count
    while lower < upper {
      let middle = (lower + upper) / 2
      let range = wideScalarRanges[middle]
      if value < range.lowerBound {
        upper = middle
      } else if value > range.upperBound {
        lower = middle + 1
      } else {
        return true
      }
    }
    return false
  }
}
