import ApusPlanner
import ApusValues
import ApusVectors

/// `to_base64(binary)`, `from_base64(text)`, and `…_base64url` with the alphabet for addresses
/// (RFC 4648, sections 4 and 5).
enum Base64: ScalarFunction {
  static let overloads: [ScalarOverload] =
    overloads("base64", last: ["+", "/"]) + overloads("base64url", last: ["-", "_"])

  private static func overloads(_ name: String, last: [Unicode.Scalar]) -> [ScalarOverload] {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
    let alphabet = letters + last.map { UInt8(ascii: $0) }
    var values = [UInt8?](repeating: nil, count: 256)
    for (value, byte) in alphabet.enumerated() { values[Int(byte)] = UInt8(value) }
    let valueOfByte = values
    return [
      .text(.text("to_\(name)", [.type(.varbinary)], "Writes bytes in base 64.")) { arguments in
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
          summary: "Reads bytes from base 64."
        )
      ) { arguments in
        let text = arguments[0].texts
        return { row, heap throws(SQLError) -> StringView? in
          guard let bytes = decode(text.bytes(row), valueOfByte) else {
            throw invalidArgument("Invalid base64 input: \(text[row].string)")
          }
          return heap.store(bytes)
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

  private static func decode(_ text: UnsafeRawBufferPointer, _ values: [UInt8?]) -> [UInt8]? {
    var digits = text[...]
    while digits.last == UInt8(ascii: "="), text.count - digits.count < 2 { digits.removeLast() }
    guard digits.count % 4 != 1 else { return nil }
    var output: [UInt8] = []
    var group = 0
    var bits = 0
    for byte in digits {
      guard let value = values[Int(byte)] else { return nil }
      group = group << 6 | Int(value)
      bits += 6
      if bits >= 8 {
        bits -= 8
        output.append(UInt8(truncatingIfNeeded: group >> bits))
        group &= 1 << bits - 1
      }
    }
    return output
  }
}
