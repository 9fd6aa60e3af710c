import ApusPlanner
import ApusValues
import ApusVectors

/// `soundex(text)`: a letter and three digits that English names of the same sound share.
enum Soundex: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("soundex('Robert')", "R163"),
      FunctionExample("soundex('Rupert')", "R163"),
    ]
  }

  /// The digit of each letter from A to Z; 0 for those without.
  private static let digits = Array("01230120022455012623010202".utf8)

  static let overloads: [ScalarOverload] = [
    .text(
      FunctionSignature(
        "soundex",
        [.anyVarchar],
        returns: .type(.varchar(length: 4)),
        summary: "Returns the American Soundex code of a text."
      )
    ) { arguments in
      let text = arguments[0].texts
      return { row, heap throws(SQLError) -> StringView? in
        heap.store(try encode(scalars(text.bytes(row))))
      }
    }
  ]

  private static func encode(_ text: [Unicode.Scalar]) throws(SQLError) -> [UInt8] {
    var output: [UInt8] = []
    var last = UInt8(ascii: "0")
    for scalar in text where scalar.properties.isAlphabetic && output.count < 4 {
      let letter = scalar.value & ~0x20
      guard scalar.isASCII, let letter = UInt8(exactly: letter) else {
        throw invalidArgument("The character is not mapped: \(scalar.properties.uppercaseMapping)")
      }
      let isSilent = letter == UInt8(ascii: "H") || letter == UInt8(ascii: "W")
      if !output.isEmpty, isSilent { continue }
      let digit = digits[Int(letter - UInt8(ascii: "A"))]
      if output.isEmpty {
        output.append(letter)
      } else if digit != UInt8(ascii: "0"), digit != last {
        output.append(digit)
      }
      last = digit
    }
    while !output.isEmpty, output.count < 4 { output.append(UInt8(ascii: "0")) }
    return output
  }
}
