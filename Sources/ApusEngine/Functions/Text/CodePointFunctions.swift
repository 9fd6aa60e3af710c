import ApusPlanner
import ApusValues
import ApusVectors

/// `chr(n)`, `codepoint(character)`.
enum CodePointFunctions: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("chr(8364)", "€"),
      FunctionExample("codepoint('€')", "8364"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .text(
      FunctionSignature(
        "chr",
        [.type(.bigint)],
        returns: .type(.varchar(length: 1)),
        summary: "Returns the character of a Unicode code point."
      )
    ) { arguments in
      let number = arguments[0].bigints
      return { row, heap throws(SQLError) -> StringView? in
        guard let value = UInt32(exactly: number[row]), let scalar = Unicode.Scalar(value) else {
          throw invalidArgument("Not a valid Unicode code point: \(number[row])")
        }
        return heap.store(CollectionOfOne(scalar))
      }
    },
    .rows(
      FunctionSignature(
        "codepoint",
        [.anyVarchar],
        returns: .type(.integer),
        summary: "Returns the Unicode code point of the only character of a text."
      )
    ) { arguments in
      let text = arguments[0].texts
      return { row throws(SQLError) -> Int32? in
        let characters = scalars(text.bytes(row))
        guard characters.count == 1 else {
          throw invalidArgument("Input string must be a single character string")
        }
        return Int32(characters[0].value)
      }
    },
  ]
}
