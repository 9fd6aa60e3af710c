import ApusPlanner
import ApusValues
import ApusVectors

/// `to_hex(binary)`, `from_hex(text)`.
enum Hexadecimal: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("to_hex(to_utf8('Zü'))", "5AC3BC"),
      FunctionExample("from_utf8(from_hex('5ac3bc'))", "Zü"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .text(.text("to_hex", [.type(.varbinary)], "Writes bytes as hexadecimal digits.")) {
      arguments in
      let binary = arguments[0].texts
      let digits = Array("0123456789ABCDEF".utf8)
      return { row, heap throws(SQLError) -> StringView? in
        heap.store(
          binary.bytes(row).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        )
      }
    },
    .text(
      FunctionSignature(
        "from_hex",
        [.anyVarchar],
        returns: .type(.varbinary),
        summary: "Reads bytes from hexadecimal digits."
      )
    ) { arguments in
      let text = arguments[0].texts
      return { row, heap throws(SQLError) -> StringView? in
        let bytes = text.bytes(row)
        guard bytes.count % 2 == 0 else {
          throw invalidArgument("Invalid input length \(bytes.count)")
        }
        var output: [UInt8] = []
        for index in stride(from: 0, to: bytes.count, by: 2) {
          guard let high = digit(bytes[index]), let low = digit(bytes[index + 1]) else {
            throw invalidArgument("Invalid hex string: \(text[row].string)")
          }
          output.append(high << 4 | low)
        }
        return heap.store(output)
      }
    },
  ]

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
