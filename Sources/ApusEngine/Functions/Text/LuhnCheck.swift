import ApusPlanner
import ApusValues
import ApusVectors

/// `luhn_check(text)`: whether the last digit is the check digit of those before it, as on cards.
enum LuhnCheck: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("luhn_check('79927398713')", "true")
    ]
  }

  static let overloads: [ScalarOverload] = [
    .rows(
      FunctionSignature(
        "luhn_check",
        [.anyVarchar],
        returns: .type(.boolean),
        summary: "Returns whether digits end in the check digit of Luhn's algorithm."
      )
    ) { arguments in
      let text = arguments[0].texts
      return { row throws(SQLError) -> UInt8? in
        let bytes = text.bytes(row)
        var sum = 0
        for (place, byte) in bytes.reversed().enumerated() {
          guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else {
            throw invalidArgument("Failed to parse input: \(text[row].string)")
          }
          let digit = Int(byte - UInt8(ascii: "0")) * (place % 2 + 1)
          sum += digit > 9 ? digit - 9 : digit
        }
        return bit(!bytes.isEmpty && sum % 10 == 0)
      }
    }
  ]
}
