import ApusPlanner
import ApusValues
import ApusVectors

/// `to_base(x, radix)`, `from_base(text, radix)`.
enum NumberBases: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("to_base(255, 16)", "ff"),
      FunctionExample("from_base('ff', 16)", "255"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .text(
      FunctionSignature(
        "to_base",
        [.type(.bigint), .type(.bigint)],
        returns: .type(.varchar(length: 64)),
        summary: "Writes a number with the digits of a base of 2 to 36."
      )
    ) { arguments in
      let x = arguments[0].bigints
      let radix = arguments[1].bigints
      return { row, heap throws(SQLError) -> StringView? in
        heap.store(String(x[row], radix: try checked(radix[row])))
      }
    },
    .rows(
      FunctionSignature(
        "from_base",
        [.anyVarchar, .type(.bigint)],
        returns: .type(.bigint),
        summary: "Reads a number written with the digits of a base of 2 to 36."
      )
    ) { arguments in
      let text = arguments[0].texts
      let radix = arguments[1].bigints
      return { row throws(SQLError) -> Int64? in
        let base = try checked(radix[row])
        guard let value = Int64(text[row].string, radix: base) else {
          throw invalidArgument("Not a valid base-\(base) number: \(text[row].string)")
        }
        return value
      }
    },
  ]

  private static func checked(_ radix: Int64) throws(SQLError) -> Int {
    guard (2...36).contains(radix) else {
      throw invalidArgument("Radix must be between 2 and 36")
    }
    return Int(radix)
  }
}
