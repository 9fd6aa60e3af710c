/// An element of the XML that S3 speaks: names, text and elements; attributes are skipped.
///
/// Strict where it matters: a document that was cut short, or is none, is an error and never half a
/// listing.
struct XMLElement: Hashable, Sendable {
  var name: String
  var children: [XMLElement] = []
  /// What stands in it beside elements.
  var text = ""

  /// Returns the first child of that name.
  subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

  /// Returns the children of that name.
  func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

  /// Reads a document; nil if it is not one from beginning to end.
  static func parse(_ bytes: [UInt8]) -> XMLElement? {
    var reader = XMLReader(bytes)
    return reader.document()
  }

  /// Writes text so that it stands for itself between tags.
  static func escape(_ text: some StringProtocol) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

private struct XMLReader {
  private let bytes: [UInt8]
  private var position = 0
  /// S3's answers are six levels deep at most.
  private static let deepest = 32

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() -> XMLElement? {
    guard skipMisc(), take("<"), let root = element(depth: 0), skipMisc(), position == bytes.count
    else { return nil }
    return root
  }

  /// Skips spaces, comments and declarations; false if one is not closed.
  private mutating func skipMisc() -> Bool {
    while true {
      skipSpaces()
      if take("<?") {
        guard skip(through: "?>") else { return false }
      } else if take("<!--") {
        guard skip(through: "-->") else { return false }
      } else {
        return true
      }
    }
  }

  /// Reads an element whose `<` has been taken.
  private mutating func element(depth: Int) -> XMLElement? {
    guard depth < XMLReader.deepest else { return nil }
    var result = XMLElement(name: name())
    guard !result.name.isEmpty, let isEmpty = restOfTag() else { return nil }
    if isEmpty { return result }
    var text: [UInt8] = []
    while position < bytes.count {
      if take("</") {
        guard name() == result.name else { return nil }
        skipSpaces()
        guard take(">"), let decoded = String(validating: text, as: UTF8.self) else { return nil }
        result.text = decoded
        return result
      } else if take("<!--") {
        guard skip(through: "-->") else { return nil }
      } else if take("<![CDATA[") {
        let start = position
        guard skip(through: "]]>") else { return nil }
        text += bytes[start..<position - 3]
      } else if take("<") {
        guard let child = element(depth: depth + 1) else { return nil }
        result.children.append(child)
      } else if take("&") {
        guard let character = reference() else { return nil }
        text += Array(String(character).utf8)
      } else {
        text.append(bytes[position])
        position += 1
      }
    }
    return nil
  }

  /// Reads what follows the name in a tag; whether the tag closes itself, nil if it never ends.
  private mutating func restOfTag() -> Bool? {
    var quote: UInt8?
    while position < bytes.count {
      let byte = bytes[position]
      if let open = quote {
        if byte == open { quote = nil }
        position += 1
      } else if take("/>") {
        return true
      } else if take(">") {
        return false
      } else if byte == UInt8(ascii: "<") {
        return nil
      } else {
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { quote = byte }
        position += 1
      }
    }
    return nil
  }

  /// Reads `amp;`, `#10;` or `#xA;`.
  private mutating func reference() -> Unicode.Scalar? {
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: ";"), position - start < 12 {
      position += 1
    }
    let name = String(decoding: bytes[start..<position], as: UTF8.self)
    guard take(";") else { return nil }
    switch name {
    case "amp": return "&"
    case "lt": return "<"
    case "gt": return ">"
    case "quot": return "\""
    case "apos": return "'"
    default:
      if name.hasPrefix("#x") || name.hasPrefix("#X") {
        return UInt32(name.dropFirst(2), radix: 16).flatMap { Unicode.Scalar($0) }
      }
      guard name.hasPrefix("#") else { return nil }
      return UInt32(name.dropFirst()).flatMap { Unicode.Scalar($0) }
    }
  }

  private mutating func name() -> String {
    let start = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"),
        UInt8(ascii: ">"), UInt8(ascii: "/"), UInt8(ascii: "<"), UInt8(ascii: "&"):
        return String(decoding: bytes[start..<position], as: UTF8.self)
      default: position += 1
      }
    }
    return ""
  }

  private mutating func skipSpaces() {
    while position < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[position]) {
      position += 1
    }
  }

  private mutating func take(_ text: StaticString) -> Bool {
    text.withUTF8Buffer { expected in
      guard bytes.count - position >= expected.count else { return false }
      for index in 0..<expected.count where bytes[position + index] != expected[index] {
        return false
      }
      position += expected.count
      return true
    }
  }

  private mutating func skip(through text: StaticString) -> Bool {
    while position < bytes.count {
      if take(text) { return true }
      position += 1
    }
    return false
  }
}
