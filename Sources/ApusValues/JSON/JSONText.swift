// JSON as Trino writes it: no whitespace, text escaped only where it must be, numbers with a point
// or an exponent as Java prints the nearest double.

/// Writes the parts of a document.
package enum JSONText {
  /// Appends text in quotes.
  package static func appendQuoted(_ text: UnsafeRawBufferPointer, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    for byte in text {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        output.append(UInt8(ascii: "\\"))
        output.append(byte)
      case 0x08: output.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "b")])
      case 0x09: output.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "t")])
      case 0x0a: output.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "n")])
      case 0x0c: output.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "f")])
      case 0x0d: output.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "r")])
      case 0..<0x20:
        output.append(contentsOf: byte < 0x10 ? "\\u000".utf8 : "\\u001".utf8)
        output.append(contentsOf: String(byte & 15, radix: 16, uppercase: true).utf8)
      default:
        output.append(byte)
      }
    }
    output.append(UInt8(ascii: "\""))
  }

  /// Appends text in quotes.
  package static func appendQuoted(_ text: String, to output: inout [UInt8]) {
    var text = text
    text.withUTF8 { appendQuoted(UnsafeRawBufferPointer($0), to: &output) }
  }

  /// Appends a double; those that are no numbers in JSON, in quotes.
  package static func append(_ value: Double, shortest: String, to output: inout [UInt8]) {
    let text = floatingPointText(value, shortest: shortest)
    if value.isFinite {
      output.append(contentsOf: text.utf8)
    } else {
      appendQuoted(text, to: &output)
    }
  }

  /// Appends a decimal as Java prints it: with an exponent where more than six zeros would follow
  /// the point.
  package static func append(unscaled: Int128, scale: Int, to output: inout [UInt8]) {
    let digits = String(unscaled.magnitude)
    let exponent = digits.utf8.count - 1 - scale
    guard exponent < -6 else {
      output.append(contentsOf: Decimal.format(unscaled, scale: scale).utf8)
      return
    }
    if unscaled < 0 { output.append(UInt8(ascii: "-")) }
    output.append(contentsOf: digits.utf8.prefix(1))
    if digits.utf8.count > 1 {
      output.append(UInt8(ascii: "."))
      output.append(contentsOf: digits.utf8.dropFirst())
    }
    output.append(contentsOf: "E\(exponent)".utf8)
  }
}

extension JSONReader {
  /// Whether a scalar or a name is written just as it stands in the document.
  package var isVerbatim: Bool {
    switch token {
    case .string, .name: !hasEscapes
    case .integer: !bytes.elementsEqual("-0".utf8)
    case .decimal: isShortDecimal
    default: true
    }
  }

  /// Whether a number has the shape that Java gives a double: up to fifteen digits and no exponent,
  /// in which case the nearest double has no shorter name.
  private var isShortDecimal: Bool {
    let bytes = bytes.first == UInt8(ascii: "-") ? bytes.dropFirst() : bytes[...]
    guard bytes.count <= 16, let point = bytes.firstIndex(of: UInt8(ascii: ".")),
      point - bytes.startIndex <= 7, bytes.allSatisfy({ $0 | 0x20 != UInt8(ascii: "e") })
    else { return false }
    let fraction = bytes[(point + 1)...]
    if fraction.count > 1, fraction.last == UInt8(ascii: "0") { return false }
    guard bytes.first == UInt8(ascii: "0") else { return true }
    // From a thousandth on there is no exponent; zero has none either.
    return fraction.prefix(3).contains { $0 != UInt8(ascii: "0") } || fraction.count == 1
  }

  /// The nearest double of a number.
  package var double: Double { Double(String(decoding: bytes, as: UTF8.self)) ?? .nan }

  /// Appends a scalar or a name; false for text with half of a surrogate pair, which has no bytes.
  package func appendScalar(to output: inout [UInt8], scratch: inout [UInt8]) -> Bool {
    if isVerbatim {
      output.append(contentsOf: slice(outerStart..<outerEnd))
      return true
    }
    switch token {
    case .string, .name:
      scratch.removeAll(keepingCapacity: true)
      guard appendText(to: &scratch) else { return false }
      scratch.withUnsafeBytes { JSONText.appendQuoted($0, to: &output) }
    case .integer:
      output.append(UInt8(ascii: "0"))
    default:
      let value = double
      JSONText.append(value, shortest: value.description, to: &output)
    }
    return true
  }
}
