import ApusPlanner
import ApusValues
import ApusVectors

/// `to_base32(binary)`, `from_base32(text)` (RFC 4648, section 6).
enum Base32: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("to_base32(X'666f6f')", "MZXW6==="),
      FunctionExample("from_utf8(from_base32('MZXW6==='))", "foo"),
    ]
  }

  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

  static let overloads: [ScalarOverload] = [
    .text(.text("to_base32", [.type(.varbinary)], "Writes bytes in base 32.")) { arguments in
      let binary = arguments[0].texts
      return { row, heap throws(SQLError) -> StringView? in
        heap.store(encode(binary.bytes(row)))
      }
    },
    .text(.binary("from_base32", [.anyVarchar], "Reads bytes from base 32.")) { arguments in
      let text = arguments[0].texts
      return { row, heap throws(SQLError) -> StringView? in
        heap.store(try decode(text.bytes(row)))
      }
    },
  ]

  private static func encode(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity((bytes.count + 4) / 5 * 8)
    var group = 0
    var bits = 0
    for byte in bytes {
      group = (group << 8 | Int(byte)) & 0xfff
      bits += 8
      while bits >= 5 {
        bits -= 5
        output.append(alphabet[group >> bits & 31])
      }
    }
    if bits > 0 { output.append(alphabet[group << (5 - bits) & 31]) }
    while output.count % 8 != 0 { output.append(UInt8(ascii: "=")) }
    return output
  }

  private static func decode(_ text: UnsafeRawBufferPointer) throws(SQLError) -> [UInt8] {
    var digits = text[...]
    while digits.last == UInt8(ascii: "=") { digits.removeLast() }
    guard ![1, 3, 6].contains(digits.count % 8) else {
      throw invalidArgument("Invalid input length \(digits.count)")
    }
    var output: [UInt8] = []
    var group = 0
    var bits = 0
    for byte in digits {
      let value: UInt8
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - UInt8(ascii: "A")
      case UInt8(ascii: "2")...UInt8(ascii: "7"): value = byte - UInt8(ascii: "2") + 26
      default:
        let shown =
          (0x21..<0x7f).contains(byte)
          ? String(UnicodeScalar(byte)) : "0x" + String(byte, radix: 16)
        throw invalidArgument("Unrecognized character: \(shown)")
      }
      group = (group << 5 | Int(value)) & 0xfff
      bits += 5
      if bits >= 8 {
        bits -= 8
        output.append(UInt8(truncatingIfNeeded: group >> bits))
      }
    }
    return output
  }
}
