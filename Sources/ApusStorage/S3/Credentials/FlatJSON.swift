/// The strings of a JSON object, by name; everything else in it is skipped.
enum FlatJSON {
  /// Returns nil if the text is not an object.
  static func strings(_ bytes: [UInt8]) -> [String: String]? {
    var reader = FlatJSONReader(bytes)
    return reader.document()
  }
}

private struct FlatJSONReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() -> [String: String]? {
    guard let result = object(depth: 0) else { return nil }
    skipSpaces()
    return position == bytes.count ? result : nil
  }

  private mutating func object(depth: Int) -> [String: String]? {
    guard depth < 32, take("{") else { return nil }
    var result: [String: String] = [:]
    if take("}") { return result }
    repeat {
      skipSpaces()
      guard let name = string(), take(":") else { return nil }
      skipSpaces()
      if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
        guard let value = string() else { return nil }
        result[name] = value
      } else {
        guard skipValue(depth: depth + 1) else { return nil }
      }
    } while take(",")
    return take("}") ? result : nil
  }

  private mutating func skipValue(depth: Int) -> Bool {
    skipSpaces()
    guard depth < 32, position < bytes.count else { return false }
    switch bytes[position] {
    case UInt8(ascii: "\""): return string() != nil
    case UInt8(ascii: "{"): return object(depth: depth) != nil
    case UInt8(ascii: "["):
      position += 1
      if take("]") { return true }
      repeat {
        guard skipValue(depth: depth + 1) else { return false }
      } while take(",")
      return take("]")
    default:
      let start = position
      while position < bytes.count, !",]} \n\r\t".utf8.contains(bytes[position]) { position += 1 }
      return position > start
    }
  }

  private mutating func string() -> String? {
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { return nil }
    position += 1
    var units: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\"") { return String(validating: units, as: UTF8.self) }
      guard byte == UInt8(ascii: "\\") else {
        units.append(byte)
        continue
      }
      guard position < bytes.count else { return nil }
      let escape = bytes[position]
      position += 1
      switch escape {
      case UInt8(ascii: "n"): units.append(0x0a)
      case UInt8(ascii: "r"): units.append(0x0d)
      case UInt8(ascii: "t"): units.append(0x09)
      case UInt8(ascii: "b"): units.append(0x08)
      case UInt8(ascii: "f"): units.append(0x0c)
      case UInt8(ascii: "u"):
        // Keys and times are ASCII; halves of a pair are no scalar and make it no string.
        guard position + 4 <= bytes.count,
          let code = UInt32(
            String(decoding: bytes[position..<position + 4], as: UTF8.self),
            radix: 16
          ),
          let scalar = Unicode.Scalar(code)
        else { return nil }
        position += 4
        units += Array(String(scalar).utf8)
      default: units.append(escape)
      }
    }
    return nil
  }

  private mutating func skipSpaces() {
    while position < bytes.count, " \n\r\t".utf8.contains(bytes[position]) { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpaces()
    guard position < bytes.count, UInt32(bytes[position]) == character.value else { return false }
    position += 1
    return true
  }
}
