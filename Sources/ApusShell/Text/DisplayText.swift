extension [UInt8] {
  /// Appends bytes for people to see: controls as escapes (`\n`, `\t`, `\u{1b}`), so that no value
  /// moves the cursor or colours the screen, and what is not UTF-8 as U+FFFD.
  mutating func append(visible bytes: ArraySlice<UInt8>) {
    var hasControl = false
    var union: UInt8 = 0
    for byte in bytes {
      union |= byte
      if byte < 0x20 || byte == 0x7f { hasControl = true }
    }
    if union < 0x80, !hasControl {
      append(contentsOf: bytes)
      return
    }
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      append(visible: scalar)
    }
  }

  private mutating func append(visible scalar: Unicode.Scalar) {
    switch scalar {
    case "\n": append(text: "\\n")
    case "\r": append(text: "\\r")
    case "\t": append(text: "\\t")
    case _ where scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value),
      // Marks that turn the direction of a line would rearrange the table around them.
      _ where (0x202a...0x202e).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value):
      append(text: "\\u{" + String(scalar.value, radix: 16) + "}")
    default:
      append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
    }
  }
}
