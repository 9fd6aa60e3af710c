import ApusPlanner
import ApusValues
import ApusVectors

/// `to_base64(binary)`, `from_base64(text)`, and `…_base64url` with the alphabet for addresses
/// (RFC 4648, sections 4 and 5).
enum Base64: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("to_base64(to_utf8('apus'))", "YXB1cw=="),
      FunctionExample("from_utf8(from_base64('YXB1cw=='))", "apus"),
      FunctionExample("to_base64url(X'fbff')", "-_8="),
      FunctionExample("from_base64url('-_8=')", "fb ff"),
    ]
  }

  static let overloads: [ScalarOverload] =
    overloads("base64", "base 64", last: ["+", "/"])
    + overloads("base64url", "base 64 for URLs, with - and _", last: ["-", "_"])

  private static func overloads(_ name: String, _ what: String, last: [Unicode.Scalar])
    -> [ScalarOverload]
  {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
    let alphabet = letters + last.map { UInt8(ascii: $0) }
    var values = [UInt8?](repeating: nil, count: 256)
    for (value, byte) in alphabet.enumerated() { values[Int(byte)] = UInt8(value) }
    let valueOfByte = values
    return [
      .text(.text("to_\(name)", [.type(.varbinary)], "Writes bytes in \(what).")) { arguments in
        let binary = arguments[0].texts
        return { row, heap throws(SQLError) -> StringView? in
          heap.store(encode(binary.bytes(row), alphabet))
        }
      },
      .text(
        FunctionSignature(
          "from_\(name)",
          [.anyVarchar],
          returns: .type(.varbinary),
          summary: "Reads bytes from \(what)."
        )
      ) { arguments in
        let text = arguments[0].texts
        return { row, heap throws(SQLError) -> StringView? in
          heap.store(try decode(text.bytes(row), valueOfByte))
        }
      },
    ]
  }

  private static func encode(_ bytes: UnsafeRawBufferPointer, _ alphabet: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity((bytes.count + 2) / 3 * 4)
    var index = 0
    while index < bytes.count {
      let count = min(3, bytes.count - index)
      var group = 0
      for offset in 0..<3 {
        group = group << 8 | (offset < count ? Int(bytes[index + offset]) : 0)
      }
      for place in 0..<4 {
        output.append(
          place <= count ? alphabet[group >> (18 - 6 * place) & 63] : UInt8(ascii: "=")
        )
      }
      index += 3
    }
    return output
  }

  /// Padding may be left out as a whole, but not in part, and stands only where it is needed.
  private static func decode(_ text: UnsafeRawBufferPointer, _ values: [UInt8?]) throws(SQLError)
    -> [UInt8]
  {
    if text.count == 1 {
      throw invalidArgument("Input byte[] should at least have 2 bytes for base64 bytes")
    }
    let digits = text.prefix { $0 != UInt8(ascii: "=") }
    var output: [UInt8] = []
    var group = 0
    var bits = 0
    for byte in digits {
      guard let value = values[Int(byte)] else {
        let signed = Int8(bitPattern: byte)
        throw invalidArgument("Illegal base64 character \(String(signed, radix: 16))")
      }
      group = group << 6 | Int(value)
      bits += 6
      if bits >= 8 {
        bits -= 8
        output.append(UInt8(truncatingIfNeeded: group >> bits))
        group &= 1 << bits - 1
      }
    }
    let rest = digits.count % 4
    let padding = text[digits.endIndex...]
    if rest == 1 { throw invalidArgument("Last unit does not have enough valid bits") }
    if padding.isEmpty { return output }
    let wanted = (4 - rest) % 4
    guard wanted > 0,
      padding.prefix(wanted).elementsEqual(repeatElement(UInt8(ascii: "="), count: wanted))
    else { throw invalidArgument("Input byte array has wrong 4-byte ending unit") }
    guard padding.count == wanted else {
      let place = digits.count + wanted
      throw invalidArgument("Input byte array has incorrect ending byte at \(place)")
    }
    return output
  }
}
